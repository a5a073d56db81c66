"""The demo shop stays small: it runs beside everything else, all the time."""

import subprocess
import sys

HEAVY = {"sqlalchemy", "redis", "rq", "selenium", "alembic", "weasyprint", "PIL", "webapp.factory"}


def test_the_shop_loads_nothing_that_only_lamplighter_needs():
    look = "import sys, webapp.demo.__main__; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert HEAVY.isdisjoint(done.stdout.split())
