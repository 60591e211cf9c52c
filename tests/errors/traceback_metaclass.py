class Meta(type):
    def __new__(mcs, name, bases, ns):
        if "required" not in ns:
            raise TypeError(f"{name} must define 'required'")
        return super().__new__(mcs, name, bases, ns)


class Good(metaclass=Meta):
    required = True


class Bad(metaclass=Meta):
    pass
