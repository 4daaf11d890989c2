"""The lock files: everything pinned with hashes, no addresses in them."""

import json
import re

import pytest

from ops import bootstrap
from ops.base import ROOT


def names(text):
    """Normalised names of requirement lines."""
    found = re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)", text, flags=re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in found}


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_python_packages_are_pinned_by_hash_and_without_addresses(name):
    text = (ROOT / f"{name}.txt").read_text()
    assert "://" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) > 30
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_wanted_package_is_locked(name):
    assert names((ROOT / f"{name}.in").read_text()) <= names((ROOT / f"{name}.txt").read_text())


def test_both_locks_agree_on_versions():
    def versions(file):
        return dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / file).read_text(), flags=re.MULTILINE))

    runtime, development = versions("requirements.txt"), versions("requirements-dev.txt")
    assert runtime.items() <= development.items()


def test_npm_packages_are_pinned_by_hash_and_without_registry_addresses():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())


def test_style_sheets_are_where_pages_look_for_them():
    for files in bootstrap.VENDOR.values():
        for name in files:
            assert (ROOT / "static" / "vendor" / name).stat().st_size > 1000


@pytest.mark.skipif(not bootstrap.shutil.which("dpkg-query"), reason="not a Debian")
def test_missing_system_packages_are_named():
    assert bootstrap.missing_packages(["dpkg", "sunlight-no-such-package"]) == ["sunlight-no-such-package"]
