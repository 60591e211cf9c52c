"""Package alpha."""
print("importing", __name__)
from . import first
from .second import VALUE as SECOND

__all__ = ["first", "SECOND", "lazy"]
lazy = "lazy value"
_hidden = 1
