"""What a student may call themselves, a file or an exception, and every sign in it is meant."""

NAMES = [
    "=cmd()|' /C calc'!A0", "@SUM(1+1)", "+1+1", "-2", "＝1+1", "::error::owned", "##[error]owned", "]]><!-- &amp; <x/>",
    "a\0b\x1b[31m", "\u202eright to left", "a|b|c", "``` `", "x" * 10_000, 'quo"te, comma; tab\tend', "line\nbreak\r\n",
    "@everyone", "![x](https://evil.example/t.png)", "<img src=x onerror=alert(1)>", "[a](javascript:b)", "# ✅ 100/100",
    "\ud800 lone", "\ufffe", "www.evil.example", ":white_check_mark:", "%0A::error::x", "a\u2028b", "",
]  # fmt: skip
