print("importing", __name__)
VALUE = 2
