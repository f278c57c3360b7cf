"""Processes of ours beside this one, which run our code and no student's. They end with this one."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.context import BaseContext
from typing import Any

from autograder.sandbox.worker.lockdown import die_with_parent

_SAFE_PATH = "PYTHONSAFEPATH"


@contextlib.contextmanager
def process_pool(
    processes: int, start: Callable[..., None], arguments: Callable[[BaseContext], tuple[Any, ...]]
) -> Iterator[ProcessPoolExecutor]:
    """A pool of new Pythons. Each calls `start` once, before its first task.

    arguments: makes those of `start`. A caller that leaves early does not wait for what has not begun.
    """
    context = multiprocessing.get_context("spawn")
    with _nothing_of_the_working_folder():
        begin = (start, *arguments(context))  # a queue among them starts a process of Python's, too
        with ProcessPoolExecutor(processes, context, _begin, begin) as pool:
            try:
                yield pool
            finally:
                pool.shutdown(wait=False, cancel_futures=True)


def _begin(start: Callable[..., None], *arguments: Any) -> None:
    die_with_parent()
    parent = multiprocessing.parent_process()
    if parent is None or os.getppid() != parent.pid:
        os._exit(1)  # the parent was killed before this process could bind its life to it
    start(*arguments)


@contextlib.contextmanager
def _nothing_of_the_working_folder() -> Iterator[None]:
    """Let new Pythons import nothing from the working folder: it can be a student's, with a `pickle.py` in it."""
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before
