"""Where the command `autograder` starts, and `python -m autograder`."""

from __future__ import annotations

import sys


def main() -> None:
    """Import the commands, and run one. A broken installation is one line and exit code 70, too, never Python's 1."""
    try:
        from autograder.cli.main import main as run
    except Exception as error:  # noqa: BLE001 — whatever a package raises when it is imported
        from autograder.cli.unforeseen import ending

        text, code = ending(error)
        sys.stderr.write(f"autograder: {text}\n")
        raise SystemExit(code) from None
    run()


if __name__ == "__main__":
    main()
