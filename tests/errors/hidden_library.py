# A script's own file that hides a module of the library, and imports that go in a circle: what the messages advise.
import os
import subprocess
import sys
import tempfile

FILES = {
    "random.py": "import random\nrandom.randint(1, 2)\n",
    "fractions.py": "from fractions import Fraction\n",
    "one.py": "import two\nx = 1\n",
    "two.py": "import one\none.x\n",
    "package/__init__.py": "from package import missing\n",
    "package/part.py": "",
    "start.py": "import package.part\n",
    "empty.py": "",
    "plain.py": "import empty\nempty.thing\n",
    "from_plain.py": "from empty import thing\n",
}
with tempfile.TemporaryDirectory() as folder:
    folder = os.path.realpath(folder)
    for name, text in FILES.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
    for script in ["random.py", "fractions.py", "one.py", "start.py", "plain.py", "from_plain.py"]:
        for switches in [[], ["-P"]]:
            command = [sys.executable, *switches, os.path.join(folder, script)]
            done = subprocess.run(command, capture_output=True, text=True)
            last = done.stderr.strip().splitlines()[-1:]
            print(script, *switches, *(line.replace(folder, "FOLDER") for line in last))
