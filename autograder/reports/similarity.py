"""Finds similar notebooks in a class. Similar does not mean copied: a person must read both first.

Winnowing: S. Schleimer, D. S. Wilkerson, A. Aiken, "Winnowing: local algorithms for document fingerprinting", SIGMOD
2003. Every run of GRAM tokens is hashed, and of every WINDOW hashes in a row the smallest is kept as a fingerprint. So
a run of GRAM + WINDOW - 1 = 17 tokens that two texts share leaves a fingerprint in both. A rare fingerprint weighs
more: log((n + 1) / have), where `have` of n students have it. It weighs nothing if more than half of the class or the
released notebook has it, because a small function has few right forms. Two notebooks without a common fingerprint are
never compared.

The package copydetect compares every pair, 280 µs each: more than two minutes for a class of 1,000.
"""

from __future__ import annotations

import builtins
import keyword
import math
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

GRAM, WINDOW = 12, 6  # tokens; hashes
THRESHOLD = 0.5  # share from which a pair is listed
MOST_PAIRS = 20
_FEW = 10  # fingerprints: a short text with fewer of them cannot reach 100 %
_EVIDENCE = 12  # lines
_PYTHON = frozenset([*keyword.kwlist, *dir(builtins)])
# One regular expression that never goes back, so no text takes more than linear time. The text may be anything: broken
# syntax, magics, an open quote at the end. Pygments takes 15 times as long, `tokenize` stops at the first error, and
# `ast.parse` can bring the interpreter down.
_TOKEN = re.compile(
    r"""
    (?P<skip> \#[^\n]* | [^\S\n]+ | \\\n )
  | (?P<line> \n )
  | (?P<text> (?:[rRbBuUfF]{1,2}+(?=["']))?+
        (?: '{3} (?:[^'\\]|\\.|'(?!''))*+ (?:'{3})?+ | "{3} (?:[^"\\]|\\.|"(?!""))*+ (?:"{3})?+
          | ' (?:[^'\\\n]|\\.)*+ '?+ | " (?:[^"\\\n]|\\.)*+ "?+ ) )
  | (?P<number> \d[\w.]*+ )
  | (?P<name> \.?[^\W\d]\w*+ )
  | (?P<sign> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_BASE = np.uint64(0x9E3779B97F4A7C15)

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class SimilarPair:
    """Two students whose code is alike.

    share: of the fingerprints of the student with fewer of them, the part that the other has, too; by weight, 0 to 1.
    lines: how many lines of the first hold such code.  first_lines, second_lines: the heaviest common run of code, as
    each student wrote it.
    """

    first: str
    second: str
    share: float
    lines: int
    first_lines: tuple[str, ...]
    second_lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Similarity:
    """The result of a comparison.

    compared: number of notebooks.  above: pairs at THRESHOLD or more.  median, high: of the shares of all
    pairs, the middle one and the one that one pair in a hundred exceeds.  pairs: most alike first, at most MOST_PAIRS.
    """

    compared: int
    above: int
    median: float
    high: float
    pairs: tuple[SimilarPair, ...]

    @property
    def all_pairs(self) -> int:
        """How many pairs the class has."""
        return self.compared * (self.compared - 1) // 2


@dataclass(frozen=True, slots=True)
class _Print:
    """A text: its lines, each token's line, the hash of each run of GRAM tokens, and which of those are kept."""

    lines: tuple[str, ...]
    where: tuple[int, ...]
    grams: Hashes
    kept: Hashes


def similar(texts: Mapping[str, str], starter: str) -> Similarity:
    """Compare a class. texts: code by student.  starter: the released code."""
    known = _PYTHON | names(starter)
    given = np.unique(_print(starter, known).grams)
    prints = {student: _print(text, known, given) for student, text in sorted(texts.items())}
    prints = {student: fingerprint for student, fingerprint in prints.items() if fingerprint.kept.size}
    students = list(prints)
    if len(students) < 2:
        return Similarity(len(students), 0, 0.0, 0.0, ())
    shares, weights = _shares([fingerprint.kept for fingerprint in prints.values()])
    rows, columns = np.triu_indices(len(students), 1)
    values = shares[rows, columns]
    listed = [i for i in np.argsort(-values, kind="stable")[:MOST_PAIRS] if values[i] >= THRESHOLD]
    pairs = [
        _pair((a := students[rows[i]], prints[a]), (b := students[columns[i]], prints[b]), float(values[i]), weights)
        for i in listed
    ]
    median, high = np.quantile(values, [0.5, 0.99])
    return Similarity(len(students), int(np.sum(values >= THRESHOLD)), float(median), float(high), tuple(pairs))


def _print(text: str, known: frozenset[str], given: Hashes | None = None) -> _Print:
    pairs = list(tokens(text, known))
    grams = _grams([word for word, _ in pairs])
    kept = np.unique(_winnowed(grams))
    if given is not None:
        kept = np.setdiff1d(kept, given, assume_unique=True)
    return _Print(tuple(text.split("\n")), tuple(line for _, line in pairs), grams, kept)


def _grams(words: Sequence[str]) -> Hashes:
    """A polynomial hash, modulo 2**64, of every GRAM words in a row. Not `hash`: it differs between processes."""
    value = {word: zlib.crc32(word.encode("utf-8", "replace")) + 1 for word in set(words)}
    numbers = np.array([value[word] for word in words], dtype=np.uint64)
    count = max(0, len(words) - GRAM + 1)
    total = np.zeros(count, dtype=np.uint64)
    for i in range(GRAM):
        total = total * _BASE + numbers[i : i + count]
    return total


def _winnowed(grams: Hashes) -> Hashes:
    if grams.size <= WINDOW:
        return np.sort(grams)[:1]
    smallest: Hashes = np.lib.stride_tricks.sliding_window_view(grams, WINDOW).min(axis=1)
    return smallest


def _shares(kept: Sequence[Hashes]) -> tuple[npt.NDArray[np.float32], dict[int, float]]:
    """(n, n): of the weight of the lighter of two, how much they have in common, 0 to 1; and what each print weighs."""
    n = len(kept)
    owners = np.repeat(np.arange(n), [hashes.size for hashes in kept])
    prints, which, have = np.unique(np.concatenate(kept), return_inverse=True, return_counts=True)
    weights = np.where(have > max(2, n / 2), 0.0, np.log((n + 1) / have))
    total = np.bincount(owners, weights[which], minlength=n)
    common = np.zeros((n, n), dtype=np.float32)
    order = np.argsort(which, kind="stable")
    ends = np.cumsum(have)
    for i in np.flatnonzero((have > 1) & (weights > 0)):  # each fingerprint leads to the students who have it
        those = owners[order[ends[i] - have[i] : ends[i]]]
        common[np.ix_(those, those)] += weights[i]
    lighter = np.minimum.outer(total, total)
    shares = np.minimum(common / np.maximum(lighter, _FEW * math.log(n + 1)), 1, dtype=np.float32)
    return shares, dict(zip(prints.tolist(), weights.tolist(), strict=True))


def _pair(
    first: tuple[str, _Print], second: tuple[str, _Print], share: float, weights: Mapping[int, float]
) -> SimilarPair:
    a, b = first[1], second[1]
    rare = np.array([h for h in np.intersect1d(a.kept, b.kept) if weights[int(h)] > 0], dtype=np.uint64)
    starts = np.flatnonzero(np.isin(a.grams, rare))
    covered = {a.where[start + i] for start in starts for i in range(GRAM)}
    i, j, count = _heaviest_run(a.grams, b.grams, starts, weights)
    return SimilarPair(first[0], second[0], share, len(covered), _lines(a, i, count), _lines(b, j, count))


def _heaviest_run(
    a: Hashes, b: Hashes, starts: npt.NDArray[np.intp], weights: Mapping[int, float]
) -> tuple[int, int, int]:
    """Where the run of equal tokens with the most weight begins in `a` and in `b`, and its length in tokens.

    starts: where `a` has a fingerprint in common with `b` that weighs something; a run begins and ends with one.
    """
    place = {int(h): j for j, h in reversed(list(enumerate(b)))}
    best, heaviest, end = (0, 0, 0), 0.0, -1
    for i in (int(s) for s in starts):
        if i <= end:
            continue  # inside a run that was followed to its end
        j = place[int(a[i])]
        most = min(a.size - i, b.size - j)
        differ = np.flatnonzero(a[i : i + most] != b[j : j + most])
        inside = starts[(starts >= i) & (starts < i + (differ[0] if differ.size else most))]
        end = int(inside[-1])
        weight = sum(weights[int(a[s])] for s in inside)
        if weight > heaviest:
            best, heaviest = (i, j, end - i + GRAM), weight
    return best


def _lines(fingerprint: _Print, start: int, count: int) -> tuple[str, ...]:
    """The lines of so many tokens."""
    first, last = fingerprint.where[start], fingerprint.where[start + count - 1]
    return tuple(fingerprint.lines[first : min(last + 1, first + _EVIDENCE)])


def tokens(text: str, known: AbstractSet[str]) -> Iterator[tuple[str, int]]:
    """(token, its line from 0). Comments and spaces are left out, every string is one token.

    known: names that stay as they are: keywords and the names of the assignment. Names after a dot stay, too. Every
    other name is the student's own choice and becomes `v`, so renaming a variable changes nothing.
    """
    line = 0
    for match in _TOKEN.finditer(text):
        kind, word = match.lastgroup, match[0]
        if kind == "line":
            line += 1
        elif kind == "text":
            yield "s", line
            line += word.count("\n")
        elif kind == "name":
            yield word if word[0] == "." or word in known else "v", line
        elif kind != "skip":
            yield word, line
        else:
            line += word.count("\n")


def names(text: str) -> frozenset[str]:
    """Every name in a text."""
    return frozenset(re.findall(r"[^\W\d]\w*", text))
