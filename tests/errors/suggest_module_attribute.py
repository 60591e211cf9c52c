import math

math.pie
