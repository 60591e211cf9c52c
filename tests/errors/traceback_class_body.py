class Broken:
    ok = 1

    class Inner:
        value = undefined_thing
