größe = 1
日本 = größe € 2
