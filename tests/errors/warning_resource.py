import warnings

warnings.simplefilter("always")
open(__file__)
print("after")


async def never():
    pass


never()
print("end")
