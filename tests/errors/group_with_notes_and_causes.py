def fail(n):
    try:
        {}[n]
    except KeyError as e:
        raise ValueError(f"no {n}") from e


errors = []
for n in range(3):
    try:
        fail(n)
    except ValueError as e:
        e.add_note(f"number {n}")
        errors.append(e)
group = ExceptionGroup("several", [errors[0], ExceptionGroup("inner", errors[1:])])
group.add_note("of the group")
raise group
