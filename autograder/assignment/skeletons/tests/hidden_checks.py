"""Hidden checks of NAME: right and wrong functions, which the student's test must tell apart."""

import statistics

import numpy as np

from autograder.authoring import Faults, Trial, check


def sorted_middle(numbers):
    ordered, half = sorted(numbers), len(numbers) // 2
    return ordered[half] if len(numbers) % 2 else (ordered[half - 1] + ordered[half]) / 2


def middle_as_given(numbers):
    half = len(numbers) // 2
    return numbers[half] if len(numbers) % 2 else (numbers[half - 1] + numbers[half]) / 2


def none_for_one_number(numbers):
    if len(numbers) == 1:
        raise IndexError("list index out of range")
    return sorted_middle(numbers)


def adds_up_over_calls():
    """A function that remembers: each maker is called anew for each test, so it begins with an empty list."""
    seen = []

    def median(numbers):
        seen.extend(numbers)
        return sorted_middle(seen)

    return median


def list_of_numbers(numbers):
    """What a test may ask. It comes from a student's process: it can be anything."""
    if type(numbers) is not list or not 1 <= len(numbers) <= 100:
        raise ValueError("a list of 1 to 100 numbers is expected")
    if not all(type(n) in {int, float} and -1000 <= n <= 1000 for n in numbers):
        raise ValueError("numbers between -1000 and 1000 are expected")
    return ([float(n) for n in numbers],)


MEDIAN = Trial(
    "accepts",
    right={
        "sorts": lambda: sorted_middle,
        "NumPy": lambda: lambda numbers: float(np.median(numbers)),
        "statistics": lambda: statistics.median,
    },
    faults={
        "order": Faults(
            "a function passed that does not sort, or takes the mean: is one of your lists unsorted?",
            {"as given": lambda: middle_as_given, "mean": lambda: statistics.mean},
            "order",
        ),
        "length": Faults(
            "a function passed that is wrong for some lengths: do you try an even length, and one number alone?",
            {
                "lower": lambda: statistics.median_low,
                "upper": lambda: statistics.median_high,
                "none for one": lambda: none_for_one_number,
            },
            "edge",
        ),
        "repeats": Faults(
            "a function passed that counts equal numbers once: does one of your lists hold a number twice?",
            {"each once": lambda: lambda numbers: sorted_middle(sorted(set(numbers)))},
            "missing",
        ),
        "memory": Faults(
            "a function passed that remembers earlier lists: do you call it more than once?",
            {"adds up": adds_up_over_calls},
            "state",
        ),
    },
    accept=list_of_numbers,
    disguises=(lambda answer: answer + 1e-9, np.float64),
    most=40,
)


@check("q1", points=3)
def test_innocent(student, rng, memo):
    """Accepts every right function, and not all functions"""
    MEDIAN.innocents(student, rng, memo)


@check("q1", points=2)
def test_order(student, rng, memo):
    """Finds functions that do not sort"""
    MEDIAN.caught("order", student, rng, memo)


@check("q1", points=2)
def test_length(student, rng, memo):
    """Finds functions that are wrong for an even length, or for one number"""
    MEDIAN.caught("length", student, rng, memo)


@check("q1", points=1)
def test_repeats(student, rng, memo):
    """Finds functions that count equal numbers once"""
    MEDIAN.caught("repeats", student, rng, memo)


@check("q1", points=1)
def test_memory(student, rng, memo):
    """Finds functions that remember earlier lists"""
    MEDIAN.caught("memory", student, rng, memo)
