"""Folders for the tests of the launcher."""

import tempfile
from pathlib import Path

import pytest


@pytest.fixture
def short_folder():
    """A folder with a short path that everybody may enter; pytest's own are long and lie in one of mode 0700."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
