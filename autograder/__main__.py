"""Where the command `autograder` starts, and `python -m autograder`."""

import sys

if __name__ == "__main__" and not sys.flags.safe_path and sys.path[0] != __file__.rpartition("/autograder/")[0]:
    # `python -m` puts the working folder before Python's own modules. It can be a student's, with a `json.py` in it.
    del sys.path[0]


def main() -> None:
    """Import the commands, and run one. A broken installation is one line and exit code 70, too, never Python's 1."""
    from autograder.cli.streams import open_streams, say_when_time_is_used_up, tell

    open_streams()
    try:
        if sys.platform == "linux":
            say_when_time_is_used_up()
        from autograder.cli.main import main as run

        try:
            run()
        finally:
            sys.stdout.flush()  # now, because at its end Python prints a traceback
    except Exception as error:  # noqa: BLE001 — whatever a package raises when it is imported
        from autograder.unforeseen import ending

        text, code = ending(error)
        tell(f"autograder: {text}")
        raise SystemExit(code) from None


if __name__ == "__main__":
    main()
