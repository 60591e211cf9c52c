import warnings


class Mine(UserWarning):
    pass


def old():
    warnings.warn("old() is old", DeprecationWarning, stacklevel=2)


old()
warnings.warn("plain")
warnings.warn("mine", Mine)
for i in range(2):
    warnings.warn("shown once for a place")
warnings.warn_explicit("explicit", FutureWarning, "given.py", 7)
warnings.simplefilter("error")
old()
