def load():
    return {}["config"]


def start():
    try:
        load()
    except KeyError:
        raise RuntimeError("cannot start")


start()
