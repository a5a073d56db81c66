"""Search with a regular expression apart from the worker, which a bad one would freeze.

Python's `re` holds the interpreter while it searches, so no other thread could end it: this runs
as its own process, with a limit of processor time that the kernel keeps. Standard library only.
"""

import json
import re
import resource
import sys
import warnings

CPU_SECONDS = 20


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        pattern, text = json.loads(line)
        found = re.search(pattern, text)
        print(json.dumps(None if found is None else _taken(found)), flush=True)


def _taken(found: re.Match[str]) -> str:
    """What the first group found; all that was found where the pattern has no group."""
    return (found[1] or "") if found.re.groups else found[0]


if __name__ == "__main__":
    main()
