"""datetime's classes under the name of the C module: the library's own implementation in Python."""

import sys
import _vivarium

exec(compile(_vivarium.library_source("_pydatetime.py"), "<vivarium>/_pydatetime.py", "exec"), globals())
