class C(B):
    def f(self):
        super().f()
        return super().x + super(C, self).y
