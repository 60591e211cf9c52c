# Classes: attributes, methods, inheritance, class and instance namespaces.
class Animal:
    kingdom = "animals"
    count = 0

    def __init__(self, name):
        self.name = name
        Animal.count += 1

    def speak(self):
        return "..."

    def __str__(self):
        return f"{type(self).__name__} {self.name}: {self.speak()}"


class Dog(Animal):
    def speak(self):
        return "woof"


class Puppy(Dog):
    def __init__(self, name, age):
        super().__init__(name)
        self.age = age

    def speak(self):
        return super().speak().upper() + "!"


a, d, p = Animal("thing"), Dog("rex"), Puppy("bit", 1)
for x in (a, d, p):
    print(x, isinstance(x, Dog), x.__dict__)
print(Animal.count, Dog.count, d.kingdom)
d.kingdom = "own"
print(d.kingdom, Dog.kingdom, "kingdom" in d.__dict__)
Dog.kingdom = "dogs"
print(p.kingdom, a.kingdom)
del d.kingdom
print(d.kingdom)
Animal.new_method = lambda self: self.name * 2
print(p.new_method(), Dog.speak(d), Dog.__bases__, Puppy.__mro__[1].__name__, Dog.__subclasses__())
print(d.__class__ is Dog, type(d) is Dog, Dog.__name__, Dog.__dict__["speak"] is Dog.speak)
class Empty: pass
e = Empty()
e.x = e.y = 1
print(vars(e), Empty().__dict__)
try:
    d.missing
except AttributeError as err:
    print(err)
try:
    Dog.missing
except AttributeError as err:
    print(err)
