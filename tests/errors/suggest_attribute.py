class Point:
    def __init__(self):
        self.coordinate = 1


Point().cordinate
