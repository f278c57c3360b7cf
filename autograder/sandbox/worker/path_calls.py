"""Answers system calls that ask about a path, in tier B: it opens the file first, so that Landlock decides.

`stat`, `access`, `chdir` and their relatives open nothing, and Landlock does not look at them: they would show the size
and the times of a file that student code may not open. So the filter of system calls refuses them with a signal
(SECCOMP_RET_TRAP). The signal's handler opens the path, asks the same question about the descriptor, and puts the
answer where the refused call would have put it. Python and C code see a usual answer, or EACCES.

The handler is path_calls.c, whose first lines say why it is machine code. It protects nothing: student code can replace
it. It only makes calls that the filter and Landlock allow. In tier A no other file is mounted, so these calls are
allowed there.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from .lockdown import libc, succeed

_TABLE: Final = 0x5EC0_0000_0000  # as in path_calls.c
_PATH_BYTES, _STAT_BYTES = 1024, 144
_ENTRY: Final = struct.Struct(f"{_PATH_BYTES}s{_STAT_BYTES}s")
_TIMES: Final = 48  # in struct stat, the size and the times begin here on both machines
_KNOWN: Final = ("/", "/home", "/proc", "/tmp", "/usr")  # noqa: S108
_MAP_FIXED_NOREPLACE: Final = 0x100000
_SA_SIGINFO, _SA_NODEFER = 4, 0x40000000
_READ_ONLY, _CODE = mmap.PROT_READ, mmap.PROT_READ | mmap.PROT_EXEC

# `make path-calls` writes these bytes.
CODE: Final = {
    "x86_64": (
        "41544989d455534883ec188b46184c8b4a68488b5a70488baa88000000488b52383d890000007f6e83f8597f2283f8150f84d60100"
        "007f4a83f8040f84c300000083f8060f842f010000e9ac0000008d48a6bd0100000048ba150000000004000048d3e54885d50f854f"
        "02000083e50a0f85db0300003d89000000757ee95e04000083f84c0f849304000083f8500f840e040000eb653d060100000f846f02"
        "00007f1d3d050100000f84440200003deb0000000f84030200003d04010000eb353d180100000f84270200007f183d0c0100000f84"
        "1a0200003d0d0100000f84f6020000eb163db70100000f84e90200003dc40100000f84f70100004983c8ffe95a0400004d85c97516"
        "4531d2b801010000ba0008080048c7c79cffffffeb73b87b01000048c1e02680380074dc4889c74c89ca4c29cf408a34178a0a4084"
        "f6740a48ffc24038ce74edeb0484c97408480590040000ebd131d2408ab41000040000488d0c1348ffc24088314881fa9000000075"
        "e5e9d80200004d85c975344531d2b801010000ba00080a0048c7c79cffffff4c89ce0f054989c04885c00f88bb0300004531d231d2"
        "b805000000e994030000b87b01000048c1e02680380074be4889c74c89ca4c29cf408a34178a0a4084f6740a48ffc24038f174edeb"
        "0484c97408480590040000ebd131d2408ab41000040000488d0c1348ffc24088314881fa9000000075e5e9450200004531d2b80101"
        "0000ba000808004c89ce48c7c79cffffff0f054889c74989c04885c00f882a030000488d74248831d2b8050000000f054989c04889"
        "d6b8030000000f054d85c00f8806030000f6c301741c8b4424a089c281e200f0000081fa004000007408a8490f84c601000080e302"
        "0f84cf0100008b4424a0ba0100000048c7c79cffffff4c89ce2500f000003d00400000b801004100480f44d04531d2b80101000048"
        "81ca00080800e9ce0100004d85c90f848c0100004531d2b801010000ba000808004c89ce48c7c79cffffff0f054889c74989c04885"
        "c00f89a7010000e96c0200004885db0f84560100004531d2b801010000ba000808004c89cf4889deebcc0fbae20c732f4885db7410"
        "803b00740bb87b01000048c1e026eb794531d2b80500000031d24c89cf4889ee0f054989c0e9190200004885db75d6c1e2094531d2"
        "b8010100004c89cf81e2000002004889de81ca000808000f054989c04885c00f88e90100004531d231d2b8050000004c89c74889ee"
        "e9c2010000418a3c08408a314084ff741e48ffc14038f774ec48059004000080380074a14989c04889d94929d8ebd64084f675e531"
        "d2408ab41000040000488d4c150048ffc24088314881fa9000000075e4eb784531d2b801010000ba000808004c89cf4889de0f0548"
        "89c74989c04885c00f8861010000488d74248831d2b8050000000f054989c04889d6b8030000000f054d85c00f883d01000040f6c5"
        "0174248b4424a089c281e200f0000081fa004000007410a849750c49c7c0f3ffffffe9130100004080e50275084531c0e905010000"
        "8b4424a0ba010000004c89cf4889de2500f000003d00400000b801004100480f44d04531d2b8010100004881ca000808000f054889"
        "c74885c078ab31d2b8030000004889d60f05ebaf4531d2b801010000ba000809004c89ce48c7c79cffffff0f054989c04885c00f88"
        "9700000031d2b8510000004c89c74889d60f054989c1b803000000eb794531d2b801010000ba000808004c89ce48c7c79cffffff0f"
        "054989c04885c0785db88a0000004c89c74889de4889ea0f054989c14889eeb803000000eb3b4531d2b801010000ba010808004c89"
        "ce48c7c79cffffff0f054989c04885c0781f31d2b84d0000004c89c74889de0f054989c14889d6b8030000000f054d89c84d898424"
        "900000004883c4185b5d415cc3"
    ),
    "aarch64": (
        "47c00291201840b9e69440a9ea8c41a91fc40071c01300542c0100541fb40071401700541fc00071000c00541fac00714015005404"
        "0080920a0000141f3c0171200400546c0100541fd80071ec0000541fd00071ac010054e1feff54040080d2e40400f9c0035fd61fdc"
        "0071fbffff171fdc0671a00900541f100771600000541f60017181fdff54a5feffb4020081d2e00306aae10305aa080780d20201a0"
        "f2030080d2010000d4e40300aaa0fdffb7280780d2010080d2020080d2010000d4e7ffff1723036036050200b4a0004039c0010034"
        "00d8cbd20100403981020034e10305aa080005cb0469613822004039a4040034210400919f00026b60ffff5400401291f5ffff17e0"
        "0306aae1030aaa080a80d2020080d2030080d2010000d4e40300aacfffff1765fdffb56260195300008152420011120001a0724200"
        "002ae10305aae00306aa080780d2427c4093030080d2010000d4e40300aa20f8ffb7e1030aaa080a80d2020080d2010000d4280780"
        "d2e50300aa010080d2e00304aa53000014e2fbff3500001091010080d20268613842692138210400913f0002f181ffff54aeffff17"
        "020081d2e00306aae10305aa080780d20201a0f2030080d2010000d4e90300aae005f8b7ff0302d1080a80d2e1030091020080d201"
        "0000d4280780d2e40300aa010080d2e00309aa010000d44401f8b78a010036e01340b9010c14123f10407100010054210980521f00"
        "016aa100005484018092e40400f9ff030291c0035fd66a000837040080d2fbffff17e01340b9220088d2030081d20208a0f2000c14"
        "120301a0f21f104071e10305aa42049f9ae00306aa420003aa080780d2030080d2010000d460fdffb7280780d2010080d2020080d2"
        "010000d4ebffff17e40300aa76ffff17020089d2e10306aa080780d2600c80920201a0f2030080d2010000d4e40300aaa0edffb748"
        "0680d2010080d2020080d2010000d4e50300aae00304aa280780d2010000d4e40305aa63ffff17020081d2e10306aa080780d2600c"
        "80920201a0f2030080d2010000d4e40300aa40ebffb7880580d2e10305aa99ffff17220081d2e10306aa080780d2600c80920201a0"
        "f2030080d2010000d4e40300aac0e9ffb7c80580d2f4ffff17"
    ),
}

libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]


class _Action(ctypes.Structure):
    _fields_ = (
        ("handler", ctypes.c_void_p),
        ("mask", ctypes.c_byte * 128),
        ("flags", ctypes.c_int),
        ("restorer", ctypes.c_void_p),
    )


def answer_path_calls(search: Iterable[str], scratch: str) -> None:
    """Install the handler in this process and its children.

    A submission may not open some folders that libraries and students ask about. The answers are made now. search:
    sys.path, whose times the import system compares before each import.  scratch: the private folder, above which are
    folders that everybody knows; they have no times. Raises OSError.
    """
    known = {folder: _about(folder)[:_TIMES] for folder in (*_KNOWN, *map(str, Path(scratch).parents))}
    known |= {folder: _about(folder) for folder in search}
    table = b"".join(_ENTRY.pack(os.fsencode(folder), about) for folder, about in known.items() if folder and about)
    _in_memory(table + bytes(_PATH_BYTES), _READ_ONLY, at=_TABLE)
    code = _in_memory(bytes.fromhex(CODE[os.uname().machine]), _CODE)
    action = _Action(code, (ctypes.c_byte * 128)(), _SA_SIGINFO | _SA_NODEFER, None)
    succeed(libc.sigaction(signal.SIGSYS, ctypes.byref(action), None), "sigaction")


def _about(folder: str) -> bytes:
    """The kernel's struct stat; nothing if there is no such folder, or its path is too long for the table."""
    path, about = os.fsencode(folder), ctypes.create_string_buffer(_STAT_BYTES)
    return b"" if len(path) >= _PATH_BYTES or libc.stat(path, about) else about.raw


def _in_memory(content: bytes, access: int, at: int | None = None) -> int:
    """The address of pages with this content, which stay as long as the process. Raises OSError."""
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | (_MAP_FIXED_NOREPLACE if at else 0)
    address = libc.mmap(at, len(content), mmap.PROT_READ | mmap.PROT_WRITE, flags, -1, 0)
    if address in {None, ctypes.c_void_p(-1).value}:
        raise OSError(ctypes.get_errno(), f"mmap: {os.strerror(ctypes.get_errno())}")
    ctypes.memmove(address, content, len(content))
    succeed(libc.mprotect(address, len(content), access), "mprotect")
    return int(address)
