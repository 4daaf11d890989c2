"""First step of every make target: system packages, Python packages, style sheets. Skips what is up to date.

    python3 -m ops.bootstrap run|test|check

Runs under the system's Python with the standard library alone.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from ops.base import PYTHON, ROOT, VENV, Problem, Stamp, answer, fingerprint, is_root, prepare_var, say

RUN_PACKAGES = [
    "fonts-noto-cjk",
    "fonts-arphic-gkai00mp",
    "fonts-arphic-gbsn00lp",
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
    "fontconfig",
]
TEST_PACKAGES = ["chromium", "poppler-utils"]
VENDOR = {"node_modules/@tabler/core/dist/css": ("tabler.min.css", "tabler.min.css.map")}


# --- System packages --------------------------------------------------------------------------------------------------


def missing_packages(wanted: list[str]) -> list[str]:
    """Those of `wanted` that Debian's package database does not know as installed."""
    done = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${Package} ${Status}\n", *wanted], capture_output=True, text=True
    )
    installed = {line.split()[0] for line in done.stdout.splitlines() if line.endswith("install ok installed")}
    return [name for name in wanted if name not in installed]


def tools_to_install() -> list[str]:
    """Packages for tools that may as well have come from elsewhere: Node's npm, and a way to make a venv."""
    packages = [] if shutil.which("npm") else ["nodejs", "npm"]
    if not PYTHON.exists() and not shutil.which("uv") and not importlib.util.find_spec("ensurepip"):
        packages.append("python3-venv")
    return packages


def system_packages(purpose: str) -> None:
    """Install what is missing when root on a Debian; else say in one line what to install, and go on."""
    wanted = RUN_PACKAGES + (TEST_PACKAGES if purpose == "test" else [])
    if not shutil.which("dpkg-query"):
        if not has_chinese_font():
            say("Chinese fonts are missing, printed papers would show boxes. Install Noto CJK, Pango and HarfBuzz.")
        return
    missing = missing_packages(wanted) + tools_to_install()
    if not missing:
        return
    line = f"apt-get install --no-install-recommends {' '.join(missing)}"
    if not is_root():
        say(f"Some system packages are missing. Please have installed: {line}")
        return
    say(f"Installing system packages: {' '.join(missing)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    options = ["-y", "-qq", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120"]
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", *options, *missing]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode:
            say(f"That did not work ({done.stderr.strip().splitlines()[-1:]}). Please have installed: {line}")
            return


def has_chinese_font() -> bool:
    """Whether fontconfig knows a font for Chinese."""
    if not shutil.which("fc-list"):
        return False
    done = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True)
    return bool(done.stdout.strip())


# --- Python packages --------------------------------------------------------------------------------------------------


def works(python: Path) -> bool:
    """Whether a virtual environment's interpreter still runs and is recent enough."""
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    return python.exists() and subprocess.run([python, "-c", check], capture_output=True).returncode == 0


def make_venv(uv: str | None) -> None:
    """A virtual environment by uv, else by Python's own module."""
    if works(PYTHON):
        return
    if VENV.exists():
        shutil.rmtree(VENV)
    if uv and subprocess.run([uv, "venv", "-q", "--python", sys.executable, VENV], cwd=ROOT).returncode == 0:
        return
    done = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)
    if done.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise Problem("Python cannot make a virtual environment here. Install `uv`, or the package `python3-venv`.")


def install_locked(uv: str | None, lock: Path) -> None:
    """Install the hash-locked requirements by uv, else by pip (whose configuration uv does not read)."""
    command = [str(uv), "pip", "install", "-q", "--python", str(PYTHON), "--require-hashes", "-r", str(lock)]
    if uv and subprocess.run(command, cwd=ROOT).returncode == 0:
        return
    if subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode:
        subprocess.run([PYTHON, "-m", "ensurepip", "--upgrade"], capture_output=True)
    command = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes", "-r"]
    if subprocess.run([*command, lock], cwd=ROOT).returncode:
        raise Problem("The Python packages could not be installed; the lines above say why. Then run `make` again.")


def python_packages(purpose: str) -> None:
    """Virtual environment with everything of the lock file of this purpose."""
    name = "requirements.txt" if purpose == "run" else "requirements-dev.txt"
    stamps = {
        lock: Stamp(lock, fingerprint([ROOT / lock], sys.version), VENV)
        for lock in ("requirements.txt", "requirements-dev.txt")
    }
    # The development lock contains all of the other one.
    enough = [stamps[name]] if purpose != "run" else list(stamps.values())
    if works(PYTHON) and any(stamp.fresh() for stamp in enough):
        return
    uv = shutil.which("uv")
    say("Installing Python packages" + ("" if uv else " (with pip; uv would be ten times as fast)"))
    make_venv(uv)
    install_locked(uv, ROOT / name)
    stamps[name].set()


# --- Style sheets -----------------------------------------------------------------------------------------------------


def style_sheets() -> None:
    """Fetch the packages of package-lock.json and copy the few files that pages use to static/vendor/."""
    target = ROOT / "static" / "vendor"
    stamp = Stamp("npm", fingerprint([ROOT / "package-lock.json", ROOT / "package.json"], repr(VENDOR)))
    if stamp.fresh() and all((target / name).exists() for names in VENDOR.values() for name in names):
        return
    npm = shutil.which("npm")
    if not npm:
        raise Problem("npm is missing. Install the packages `nodejs` and `npm`, then run `make` again.")
    say("Fetching style sheets")
    if subprocess.run([npm, "ci", "--ignore-scripts", "--no-progress", "--loglevel=error"], cwd=ROOT).returncode:
        raise Problem("npm could not fetch the style sheets; the lines above say why. Then run `make` again.")
    target.mkdir(parents=True, exist_ok=True)
    for folder, names in VENDOR.items():
        for name in names:
            shutil.copyfile(ROOT / folder / name, target / name)
    stamp.set()


def main() -> int:
    purpose = sys.argv[1] if len(sys.argv) > 1 else "run"
    if sys.version_info < (3, 11):  # noqa: UP036 the system's Python may well be older
        raise Problem("Sunlight needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")
    prepare_var()
    system_packages(purpose)
    python_packages(purpose)
    style_sheets()
    return 0


if __name__ == "__main__":
    answer(main)
