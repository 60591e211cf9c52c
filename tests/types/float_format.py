# Format specifications for floats.
values = [3.14159, -0.5, 1234567.891, 0.0, 1e-7, 1e20, float("inf"), float("nan"), -0.0, 100.0]
for spec in ["", ".2f", "10.3f", "e", ".0e", "E", "g", ".3g", "G", "%", ".1%", "+.1f", "08.2f", ",", ",.2f", "_.1f", "#.0f", "#g", ".0f", "n", "<12", "^12.1e", "=+12.2f", "z.1f", " .3f", ".10", "F", ".15g", "_.3e"]:
    print(spec, [format(v, spec) for v in values])
for spec in ["d", "x", "s", "c", "b", ".f", ",n"]:
    try:
        print(format(1.5, spec))
    except ValueError as e:
        print(spec, e)
print("%f %.2f %10.1f|%-10.1f|%+.1f %e %g %G %5.1f%% %r" % (1.5, 2.345, 3.14, 3.14, 1.0, 12345.678, 1e-10, 1e-10, 50.0, 0.1))
print("%.3s|%.0f|%#.0f|%010.2f|% f" % ("abcdef", 2.5, 2.5, -3.14159, 1.0))
print(f"{0.1:.20f}", f"{2.5:.0f}", f"{3.5:.0f}", f"{1e16:.1f}", f"{123.456:.5}", f"{1e5:g}", f"{1e6:g}", f"{1e-5:g}")
print(f"{1/3:.50f}")
print(f"{12345.6789:,.3f}", f"{0.000012345:.3g}", f"{9.995:.2f}", f"{1e300:.3e}", f"{5e-324:.5g}")
print(f"{1234.5:,_}" if False else f"{1234567.0:,}", f"{-1234.5:015,.2f}", f"{1.0:=+8}", f"{float('nan'):010}", f"{float('-inf'):010.1f}")
