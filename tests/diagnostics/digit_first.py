1st = 2
