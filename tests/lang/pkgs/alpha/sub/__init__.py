from ...beta import shared
from ..second import VALUE
from . import leaf
