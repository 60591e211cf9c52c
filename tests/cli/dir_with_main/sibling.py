VALUE = "sibling of __main__"
