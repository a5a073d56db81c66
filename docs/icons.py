"""Build static/img/icons.svg from docs/icons.txt and an unpacked copy of @tabler/icons.

Add a name to docs/icons.txt, then:  npm pack @tabler/icons && tar xzf tabler-icons-*.tgz
                                     python docs/icons.py package/icons/outline
Pages use one with the macro `icon("name")`.
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
VERSION = "3.51.0"


def symbol(folder: Path, name: str) -> str:
    """One drawing as a <symbol>, without its own size, colour and invisible bounding box."""
    source = (folder / f"{name}.svg").read_text()
    source = re.sub(r"<!--.*?-->", "", source, flags=re.S)
    drawing = re.sub(
        r'<path stroke="none"[^>]*/>', "", re.sub(r"</?svg[^>]*>", "", source, flags=re.S)
    )
    body = "".join(line.strip() for line in drawing.splitlines())
    return f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>'


def main() -> None:
    folder = Path(sys.argv[1])
    names = sorted(set((HERE / "icons.txt").read_text().split()))
    missing = [name for name in names if not (folder / f"{name}.svg").exists()]
    if missing:
        sys.exit(f"Tabler has no icon called {', '.join(missing)}; look them up on tabler.io/icons")
    symbols = "\n".join(symbol(folder, name) for name in names)
    comment = f"<!-- Tabler Icons {VERSION}, MIT, tabler.io/icons; made by docs/icons.py -->"
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">\n{comment}\n{symbols}\n</svg>\n'
    (HERE.parent / "static/img/icons.svg").write_text(sprite)
    print(f"{len(names)} icons")


if __name__ == "__main__":
    main()
