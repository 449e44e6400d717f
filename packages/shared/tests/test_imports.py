"""The package is small to import, and what it offers is what it names."""

import subprocess
import sys

import namewright.shared


def test_everything_that_is_offered_is_there():
    assert sorted(namewright.shared.__all__) == list(dict.fromkeys(sorted(namewright.shared.__all__)))
    for name in namewright.shared.__all__:
        assert hasattr(namewright.shared, name)


def test_it_imports_no_torch_and_no_transformers():
    code = "import sys, namewright.shared, namewright.shared.cli; print([m for m in sys.modules if m in ('torch', 'transformers')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
