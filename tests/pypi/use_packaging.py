"""packaging: versions, specifiers, requirements and markers."""

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version

texts = ["1.0", "1.0.dev1", "1.0a2", "1.0rc1", "1.0.post3", "1!0.5", "2.0+local.7", "1.10", "1.9"]
print([str(v) for v in sorted(map(Version, texts))])
v = Version("1!2.3.4rc5.post6.dev7+ab.1")
print(v.epoch, v.release, v.pre, v.post, v.dev, v.local, v.public, v.base_version, repr(v))
spec = SpecifierSet(">=1.0,!=1.5.*,<2")
print([t for t in ("0.9", "1.0", "1.5.2", "1.6", "2.0", "1.7a1") if t in spec], list(spec.filter(["1.2", "3"])))
r = Requirement('requests[security,tests]>=2.8.1,==2.8.* ; python_version < "4" and os_name != "nt"')
print(r.name, sorted(r.extras), r.specifier, r.marker, r.marker.evaluate({"python_version": "3.9", "os_name": "posix"}))
for bad in ("a b", "x>=", "n @"):
    try:
        Requirement(bad)
    except InvalidRequirement as e:
        print(str(e).splitlines())
try:
    Version("one")
except InvalidVersion as e:
    print(e)
print(canonicalize_name("A_b.C--d"), [*map(str, parse_wheel_filename("foo-1.0-py3-none-any.whl")[3])])
print(Marker("extra == 'x' or sys_platform in 'linux win32'"))
