import warnings

try:
    warnings.simplefilter("nonsense")
except ValueError as e:
    print(e)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    warnings.warn("caught")
print([str(w.message) for w in caught])
warnings.formatwarning = lambda message, category, filename, lineno, line=None: f"<{category.__name__}: {message}>\n"
warnings.warn("formatted")
