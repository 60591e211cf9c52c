"""pytest: a small suite with fixtures, parameters, marks, rewritten assertions and failures."""

import pathlib
import re
import sys

import pytest

SUITE = '''
import pytest

@pytest.fixture
def numbers():
    yield [1, 2, 3]

@pytest.fixture(params=["a", "b"], ids=str.upper)
def letter(request):
    return request.param

def test_sum(numbers):
    assert sum(numbers) == 6

@pytest.mark.parametrize("x, y", [(1, 2), (2, 4), (3, 7)])
def test_double(x, y):
    assert x * 2 == y, "not the double"

def test_letter(letter, numbers):
    assert letter in "ab"

def test_lists():
    assert [1, 2, 3] == [1, 5, 3]

def test_text():
    assert "hello" in "help"

def test_raises():
    with pytest.raises(ZeroDivisionError, match="division"):
        1 / 0

@pytest.mark.skip(reason="later")
def test_skip(): pass

@pytest.mark.xfail
def test_xfail():
    assert {"a": 1} == {"a": 2}

class TestIt:
    def setup_method(self):
        self.value = 3

    def test_value(self, tmp_path, monkeypatch, capsys):
        monkeypatch.setenv("X", "1")
        (tmp_path / "f").write_text("t")
        print("out")
        assert capsys.readouterr().out == "out\\n"
        assert self.value == 3 and (tmp_path / "f").read_text() == "t"
'''
pathlib.Path("test_it.py").write_text(SUITE)


class Plain:
    """Takes away what differs from run to run."""

    def write(self, text):
        sys.__stdout__.write(re.sub(r"in \d+\.\d+s", "in T", re.sub(r"(platform|rootdir|cachedir).*", r"\1", text)))

    def __getattr__(self, name):
        return getattr(sys.__stdout__, name)


sys.stdout = Plain()
code = pytest.main(["-p", "no:cacheprovider", "-v", "--color=no", "test_it.py"])
sys.stdout = sys.__stdout__
print(int(code))
