class T:
    @property
    def value(self):
        return 1

    @value.setter
    def value(self, v):
        if v < 0:
            raise ValueError("negative")


t = T()
t.value = 5
t.value = -5
