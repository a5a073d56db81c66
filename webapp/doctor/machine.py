"""Checks of the machine itself: Python, libraries, folders, fonts, memory, ports."""

import os
import shutil
import stat
import subprocess
import sys
from difflib import get_close_matches
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from packaging.requirements import Requirement

from webapp.browser.capabilities import is_shared_memory_small
from webapp.config import Config, environment, setting_names
from webapp.doctor.checks import Finding, check, ok, problem, warning

CHECKOUT = Path(__file__).resolve().parents[2]
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
FONT_FILES = {".ttf", ".otf", ".ttc"}
OLDEST_PYTHON = (3, 11)
LITTLE_SPACE = 1024**3
NO_SPACE = 200 * 1024**2
INSTALL = "bin/install run"
RENDER = "from weasyprint import HTML; print(len(HTML(string='<p>lamp').write_pdf()))"


@check("python", "the interpreter is new enough")
def _python(config: Config) -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] < OLDEST_PYTHON:
        return problem(f"Python {version} is too old, 3.11 is needed.", "apt-get install python3")
    return ok(f"Python {version}")


@check("libraries", "the installed libraries are those of requirements.txt")
def _libraries(config: Config) -> Finding:
    lines = (CHECKOUT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    asked = [
        Requirement(line.partition("#")[0]) for line in lines if line.partition("#")[0].strip()
    ]
    wanted = [each for each in asked if each.marker is None or each.marker.evaluate()]
    wrong = [
        f"{each.name} is {_installed(each.name)} instead of {each.specifier}"
        for each in wanted
        if not each.specifier.contains(_installed(each.name), prereleases=True)
    ]
    if wrong:
        return warning(f"{len(wrong)} differ: {', '.join(wrong[:3])}.", INSTALL)
    return ok(f"all {len(wanted)} as required")


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "0"


@check("settings", "every name in .env is a setting")
def _settings(config: Config) -> Finding:
    file = CHECKOUT / ".env"
    if not file.exists():
        return ok("no file .env; the environment and the defaults count")
    known = setting_names()
    strange = sorted(
        name
        for name in environment(file, {})
        if name not in known and get_close_matches(name, known, cutoff=0.8)
    )
    if strange:
        near = get_close_matches(strange[0], known, cutoff=0.8)[0]
        return warning(f"{strange[0]} is no setting; is {near} meant?", f"edit {file}")
    return ok(str(file))


@check("folder", "everything that is written has a place")
def _folder(config: Config) -> Finding:
    if not os.access(config.var, os.W_OK | os.X_OK):
        return problem(f"{config.var} cannot be written.", f"chown -R $USER {config.var}")
    free = shutil.disk_usage(config.var).free
    words = f"{config.var}: {free / 1024**3:.1f} GB free"
    if free < LITTLE_SPACE:
        finding = problem if free < NO_SPACE else warning
        return finding(f"{words}, and pictures need more.", "df -h, and make room there")
    return ok(words)


@check("keys", "the key files can be read by their owner alone")
def _keys(config: Config) -> Finding:
    files = [config.var / "secret_key", config.var / "secret_keys"]
    here = [file for file in files if file.exists()]
    loose = [str(file) for file in here if stat.S_IMODE(file.stat().st_mode) & 0o077]
    if loose:
        return problem(f"Others may read {' and '.join(loose)}.", f"chmod 600 {' '.join(loose)}")
    return ok("private" if here else "given by the environment")


@check("fonts", "pages and reports have letters")
def _fonts(config: Config) -> Finding:
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    count = sum(1 for each in folders for file in each.rglob("*") if file.suffix in FONT_FILES)
    if not count:
        return problem("There is no font.", "apt-get install fonts-dejavu-core fonts-liberation")
    return ok(f"{count} font files")


@check("reports", "reports can be made as PDF")
def _reports(config: Config) -> Finding:
    tried = subprocess.run(
        [sys.executable, "-c", RENDER], capture_output=True, text=True, timeout=60, check=False
    )
    if tried.returncode:
        last = (tried.stderr.strip().splitlines() or ["it says nothing"])[-1]
        packages = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        return problem(f"WeasyPrint cannot start: {last}", f"apt-get install {packages}")
    return ok(f"WeasyPrint {metadata.version('weasyprint')} made a page")


@check("memory", "browsers have shared memory")
def _memory(config: Config) -> Finding:
    if is_shared_memory_small():
        return warning(
            "/dev/shm is small, so browsers use files instead, which is slower.",
            "in a container: shm_size: 1gb (docker run --shm-size=1g)",
        )
    return ok(f"/dev/shm has {shutil.disk_usage('/dev/shm').total / 1024**3:.1f} GB")


@check("time zones", "cron can be computed in the zones of people")
def _time_zones(config: Config) -> Finding:
    ZoneInfo("Europe/Berlin")
    return ok(f"{len(available_timezones())} zones")
