def outer():
    def middle():
        def inner():
            return [x for x in range(3)].index(9)
        return inner()
    return middle()


class K:
    def method(self):
        return outer()

    @staticmethod
    def static():
        return K().method()


K.static()
