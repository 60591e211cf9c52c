throw Error('x')
