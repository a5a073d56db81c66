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
        print(int(re.search(pattern, text) is not None), flush=True)


if __name__ == "__main__":
    main()
