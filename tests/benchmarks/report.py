"""What the report of a 20-step run costs: `python -m tests.benchmarks.report [STEPS]`.

Budget: 3 s and 300 MB at the peak of the child, pictures of 1366 × 768 included.
"""

import resource
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.reports.runs import picture, sha256, step, summary
from webapp.reports.making import run_child
from webapp.reports.summary import SUMMARY

BUDGET_SECONDS, BUDGET_MB, TIMES = 3.0, 300.0, 5


def lay_out(folder: Path, steps: int) -> None:
    (folder / "pictures").mkdir()
    shots = [picture(number) for number in range(min(steps, 200))]
    for shot in shots:
        (folder / "pictures" / sha256(shot)).write_bytes(shot)
    run = summary(*[step(n, picture=sha256(shots[n % len(shots)])) for n in range(steps)])
    (folder / "summary.json").write_bytes(SUMMARY.dump_json(run))


def measure(steps: int) -> tuple[float, float, float, int]:
    """Median seconds, CPU seconds each, peak MB, bytes of the PDF."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        lay_out(folder, steps)
        walls = []
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        for _ in range(TIMES):
            began = time.perf_counter()
            run_child(folder, lambda part: None)
            walls.append(time.perf_counter() - began)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / TIMES
        size = (folder / "report.pdf").stat().st_size
    return statistics.median(walls), cpu, after.ru_maxrss / 1024, size


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    seconds, cpu_seconds, peak, size = measure(count)
    print(f"report of {count} steps: {seconds:.2f} s ({seconds / BUDGET_SECONDS:.2f} × budget),")
    print(f"  {cpu_seconds:.2f} CPU-s, peak {peak:.0f} MB ({peak / BUDGET_MB:.2f} × budget),")
    print(f"  {size / 1e6:.2f} MB of PDF")
