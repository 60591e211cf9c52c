"""module
    text
"""
def f():
    """one
       two
    """
