"""Makes one PDF in a process of its own, with limits: `python -P child.py FOLDER PARENT`.

Reads summary.json and pictures/<sha256> in the folder, writes report.pdf beside them, and prints
how far it is, a number from 0 to 1 on each line.
"""

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path
from types import ModuleType

if __name__ == "__main__":
    # The package without its factory, whose imports would take longer than most reports do.
    package = ModuleType("webapp")
    package.__path__ = [str(Path(__file__).parents[1])]
    sys.modules["webapp"] = package

from webapp.reports.pictures import PictureBroken, for_print
from webapp.reports.render import to_pdf
from webapp.reports.summary import SUMMARY

MEMORY_BYTES = 768 * 1024 * 1024
CPU_SECONDS = 150
PICTURES_SHARE = 0.3  # of the whole work
PR_SET_PDEATHSIG = 1
FAILED = 3


def main(folder: Path, parent: int) -> int:
    _limit_myself(parent)
    summary = SUMMARY.validate_json((folder / "summary.json").read_bytes())
    try:
        pictures, problems = _pictures(folder, summary.pictures)
        pdf = to_pdf(
            summary,
            pictures,
            problems,
            lambda part: _say(PICTURES_SHARE + part * (1 - PICTURES_SHARE)),
        )
    except MemoryError:
        print("It needs more memory than a report may take.", file=sys.stderr)
        return FAILED
    (folder / "report.pdf").write_bytes(pdf)
    return 0


def _limit_myself(parent: int) -> None:
    """Never outlive the worker, and stay within limits."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we asked to be told
        sys.exit(FAILED)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _pictures(folder: Path, names: list[str]) -> tuple[dict[str, bytes], dict[str, str]]:
    """Those that can be shown, small; and for those that cannot, a sentence. Others are gone."""
    pictures, problems = {}, {}
    for done, name in enumerate(names, start=1):
        file = folder / "pictures" / name
        if file.exists():
            try:
                pictures[name] = for_print(file.read_bytes())
            except PictureBroken as broken:
                problems[name] = str(broken)
        _say(PICTURES_SHARE * done / len(names))
    return pictures, problems


def _say(part: float) -> None:
    print(f"{part:.3f}", flush=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
