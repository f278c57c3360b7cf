"""Where the command `autograder` starts, and `python -m autograder`."""

import sys

if __name__ == "__main__" and not sys.flags.safe_path and sys.path[0] != __file__.rpartition("/autograder/")[0]:
    # `python -m` puts the working folder before Python's own modules. It can be a student's, with a `json.py` in it.
    del sys.path[0]


def main() -> None:
    """Import the commands, and run one. A broken installation is one line and exit code 70, too, never Python's 1."""
    try:
        from autograder.cli.main import main as run
    except Exception as error:  # noqa: BLE001 — whatever a package raises when it is imported
        from autograder.unforeseen import ending

        text, code = ending(error)
        sys.stderr.write(f"autograder: {text}\n")
        raise SystemExit(code) from None
    run()


if __name__ == "__main__":
    main()
