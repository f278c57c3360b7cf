"""`make path-calls`: compiles autograder/sandbox/worker/path_calls.c and writes the bytes into path_calls.py.

Needs gcc for both machines (Debian: gcc, gcc-aarch64-linux-gnu). Only who changes the C file has to run it.
"""

import re
import subprocess
import tempfile
from pathlib import Path

WORKER = Path(__file__).resolve().parents[2] / "autograder/sandbox/worker"
COMPILERS = {
    "x86_64": ("x86_64-linux-gnu-", "-fcf-protection=none"),
    "aarch64": ("aarch64-linux-gnu-", "-mbranch-protection=none"),
}
# One block of code that needs no library, no table and no address of its own.
FLAGS = (
    "-Os -fPIC -ffreestanding -fno-builtin -fno-stack-protector -fno-jump-tables -fno-asynchronous-unwind-tables "
    "-fno-unwind-tables "
    "-fno-tree-loop-distribute-patterns -Wall -Wextra -Werror -c"
).split()


def compiled(machine):
    """The handler's machine code. Raises CalledProcessError, FileNotFoundError without the compiler."""
    prefix, more = COMPILERS[machine]
    with tempfile.TemporaryDirectory() as folder:
        made, code = Path(folder, "made.o"), Path(folder, "code")
        subprocess.run([f"{prefix}gcc", *FLAGS, more, WORKER / "path_calls.c", "-o", made], check=True)
        moved = subprocess.run([f"{prefix}objdump", "-r", made], check=True, capture_output=True, text=True).stdout
        assert "RELOCATION RECORDS FOR [.text" not in moved, "the code needs an address"
        subprocess.run([f"{prefix}objcopy", "-O", "binary", "-j", ".text", made, code], check=True)
        return code.read_bytes()


def as_text(name, code):
    """The bytes as an entry of CODE."""
    lines = "".join(f'        "{code[i : i + 53].hex()}"\n' for i in range(0, len(code), 53))
    return f'    "{name}": (\n{lines}    ),\n'


def written(text):
    """path_calls.py with the bytes that these compilers make."""
    entries = "".join(as_text(name, compiled(name)) for name in COMPILERS)
    return re.sub(r"(CODE: Final = \{\n).*?(\n?\}\n)", lambda m: m[1] + entries + "}\n", text, count=1, flags=re.DOTALL)


if __name__ == "__main__":
    module = WORKER / "path_calls.py"
    module.write_text(written(module.read_text()))
