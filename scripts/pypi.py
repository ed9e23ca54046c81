"""Programs from PyPI that scripts run: fetched once, at pinned versions, into .build/tools."""

import fcntl
import hashlib
import pathlib
import shutil
import subprocess
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent


def environment(name):
    """The virtual environment of what scripts/NAME-requirements.txt lists, filled once, whoever comes first."""
    requirements = ROOT / f"scripts/{name}-requirements.txt"
    version = hashlib.sha256(requirements.read_bytes()).hexdigest()[:16]
    folder = ROOT / ".build/tools" / f"{name}-{version}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.parent / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / "done"
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            venv.create(folder, with_pip=True)
            install = [folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
            subprocess.run([*install, "-r", requirements], check=True)
            done.touch()
    return folder
