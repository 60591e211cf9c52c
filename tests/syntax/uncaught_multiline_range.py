f(a for a in [1,
              2], 3)
