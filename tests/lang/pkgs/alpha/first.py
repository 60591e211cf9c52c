print("importing", __name__)
from .. import alpha as parent
NAME = "first"


def where():
    return __name__, __package__
