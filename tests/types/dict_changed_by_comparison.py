# A comparison takes another key out of the dict: the search goes on, and compares nothing twice.
class Key:
    def __init__(self, name, hash):
        self.name, self.hash = name, hash

    def __hash__(self):
        return self.hash

    def __eq__(self, other):
        print("compare", self.name, other.name)
        if victims:
            table.pop(victims.pop(), None)
        return self.name == other.name


for size in (3, 30):
    victims = []
    table = {}
    keys = [Key(n, n) for n in range(size)]
    for key in keys:
        table[key] = key.name
    first = Key("first", 1000)
    second = Key("second", 1000)
    table[first] = 1
    table[second] = 2
    victims = [keys[0], keys[1]]
    print(table[Key("second", 1000)], len(table))
    victims = [first]
    try:
        print(table[Key("first", 1000)])
    except KeyError:
        print("gone")
    print(len(table), list(table.values())[-1])
