"""One worker for the tests that leave it alive, and a site that hangs when it is asked to."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.factories import make_flow
from tests.faults.stage import Remains, Stage
from tests.site import Site
from webapp.accounts.models import User
from webapp.config import Config
from webapp.flows.models import Flow

PAGE = "/echo?q=" + quote("<title>Shop</title><h1>Shop</h1>")
TITLE = {"number": 1, "action": "assert_title", "content": "Shop"}
LONG = {
    "number": 2,
    "action": "wait_for",
    "locators": [{"by": "id", "value": "never"}],
    "name": "Wait for long",
    "timeout_seconds": 40,
}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def stage(config: Config, tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(config, tmp_path / "log")
    yield stage
    stage.close()


@pytest.fixture(scope="module")
def worker(app, config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """A worker that outlives the tests of its module."""
    stage = Stage(config, tmp_path_factory.mktemp("faults") / "log")
    yield stage.start()
    stage.close()


@pytest.fixture
def remains(config: Config) -> Remains:
    return Remains(config.var / "browsers")


@pytest.fixture
def long_flow(alice: User, site: Site) -> Flow:
    """A flow with a step in whose middle things can be killed."""
    return make_flow(alice, (TITLE, LONG), url=site.url + PAGE, run_timeout_seconds=60.0)


@pytest.fixture
def short_flow(alice: User, site: Site) -> Flow:
    return make_flow(alice, (TITLE,), url=site.url + PAGE, name="Short")


@pytest.fixture
def hanging_flow(alice: User, site: Site) -> Callable[[float], Flow]:
    """A flow whose address never answers."""

    def make(seconds: float) -> Flow:
        return make_flow(
            alice, (TITLE,), url=site.url + "/never", name="Hanging",
            run_timeout_seconds=seconds, step_timeout_seconds=50.0,
        )  # fmt: skip

    return make
