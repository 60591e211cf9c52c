names = ['a', 'b' c]
