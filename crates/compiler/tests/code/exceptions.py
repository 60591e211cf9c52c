def f(g):
    try:
        g()
    except (A, B) as e:
        raise C from e
    except D:
        raise
    else:
        g(1)
    finally:
        g(2)
