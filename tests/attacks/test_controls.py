"""Rows C: what honest notebooks do must keep its marks. A sandbox that is too tight fails here."""

import pytest
from attacks.arena import RIGHT

KEEPS_ITS_MARKS = {
    "C1 prints and plots": (
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nfor i in range(200): print(i)\n"
        "fig, axes = plt.subplots(2, 2)\naxes[0, 0].plot(np.arange(9)); axes[0, 1].imshow(np.eye(3)); axes[1, 0].hist(np.arange(9))\n"
        "axes[1, 1].contourf(np.outer(np.arange(5), np.arange(5)))\nplt.tight_layout(); plt.show()\n"
        "from mpl_toolkits.mplot3d import Axes3D\nplt.figure().add_subplot(projection='3d').plot([0, 1], [0, 1], [0, 1])\n"
        "import io\nplt.savefig(io.BytesIO(), format='png'); plt.savefig(io.BytesIO(), format='svg'); plt.savefig(io.BytesIO(), format='pdf'); plt.close('all')"
    ),
    "C2 warnings and seeds": "import warnings\nwarnings.warn('x'); np.log(np.array([0.0, -1.0])); np.random.seed(0); np.random.rand(3); np.random.default_rng(1).normal()",
    "C3 threads, caches, classes": (
        "import concurrent.futures, copy, dataclasses, functools, queue, threading\n@functools.lru_cache\ndef f(n): return n\n"
        "@dataclasses.dataclass\nclass P:\n    x: int = 1\nassert copy.deepcopy(P()) == P() and f(3) == 3\n"
        "with concurrent.futures.ThreadPoolExecutor(4) as pool: assert list(pool.map(f, range(5))) == [0, 1, 2, 3, 4]\n"
        "q = queue.Queue(); threading.Thread(target=q.put, args=(1,)).start(); assert q.get(timeout=5) == 1"
    ),
    "C4 unicode and caught exceptions": "π = np.pi\nclass Größe: pass\ntry: 1 / 0\nexcept ZeroDivisionError as e: print('caught', e, '∂L/∂w')",
    "C7 helpers and cells": "def helper(x): return x\nhelper(3)\nfrom typing import Any\nimport itertools, collections, operator, string, textwrap, pprint\npprint.pprint(collections.Counter('abc'))",
    "linear algebra": "a = np.random.rand(50, 50)\nnp.linalg.svd(a); np.linalg.eigh(a @ a.T); np.linalg.qr(a); np.linalg.lstsq(a, a[0], rcond=None); np.fft.fft2(a); np.einsum('ij,jk', a, a); np.convolve(a[0], a[1]); np.polyfit([1., 2, 3], [1., 4, 9], 2)",
    "dates and zones": "import datetime, zoneinfo, time, calendar, locale\ndatetime.datetime.now(zoneinfo.ZoneInfo('Europe/Berlin')); time.sleep(0.01); time.perf_counter(); calendar.month(2026, 1); time.strftime('%c')",
    "text and data": "import csv, decimal, fractions, io, json, re, statistics, struct, base64, hashlib, zlib, uuid, random, secrets, configparser, html, xml.etree.ElementTree, urllib.parse, pickle, gzip, sqlite3\npickle.loads(pickle.dumps({'a': 1})); hashlib.sha256(b'x').hexdigest(); uuid.uuid4(); secrets.token_hex(); re.findall('a+', 'aab')\nsqlite3.connect(':memory:').execute('select 1').fetchall()",
    "logging and timing": "import logging, timeit, time\nlogging.basicConfig(level=logging.INFO); logging.info('x'); timeit.timeit('1', number=10)",
    "platform and system facts": "import os, platform, sys\nplatform.platform(); os.cpu_count(); os.getcwd(); sys.version; os.getpid(); np.show_config(); sys.getsizeof([])",
    "asyncio is refused as an error of its own cell": "import asyncio\ntry: asyncio.run(asyncio.sleep(0))\nexcept OSError as error: print(error)",
    "a subprocess is refused cleanly": "import subprocess\ntry: subprocess.run(['ls'], check=True)\nexcept OSError as error: print('no programs here', error)",
    "facts about itself": "import os, resource, select, signal, sys, threading, time\nresource.getrusage(0); resource.getrlimit(resource.RLIMIT_AS); os.times(); os.uname(); os.getpgrp(); os.getpgid(0); os.getuid(); os.getgroups(); os.cpu_count(); os.sched_getaffinity(0); time.process_time(); time.get_clock_info('monotonic')\nselect.select([], [], [], 0.01); assert not threading.Event().wait(0.01)\nseen = []; signal.signal(signal.SIGUSR1, lambda *a: seen.append(1)); signal.raise_signal(signal.SIGUSR1); assert seen; time.sleep(0)",
    "memory views and random access": "import array, mmap, weakref, gc\nmemoryview(array.array('d', [1.0]))[0]; m = mmap.mmap(-1, 4096); m[0] = 1; gc.collect()",
    "signals and timers of its own": "import signal, threading\nt = threading.Timer(0.01, print); t.start(); t.join()\nold = signal.signal(signal.SIGALRM, lambda *a: None); signal.setitimer(signal.ITIMER_REAL, 0.01); signal.pause(); signal.setitimer(signal.ITIMER_REAL, 0)",
}
# Where there is a folder to write in: tier A, and tier B on most systems.
FILES = {
    "files and folders": (
        "import os, pathlib, shutil, tempfile\nwith tempfile.TemporaryDirectory() as d:\n    p = pathlib.Path(d, 'x.txt'); p.write_text('a'); p.touch(); p.chmod(0o600)\n"
        "    os.utime(p, (1, 1)); os.truncate(p, 0); assert p.stat().st_size == 0 and os.access(p, 4)\n    q = p.rename(p.with_suffix('.old')); os.replace(q, p); shutil.copy2(p, q)\n"
        "    (pathlib.Path(d) / 'in' / 'it').mkdir(parents=True); shutil.copytree(d, d + '2'); shutil.move(str(q), d + '2/moved'); list(os.walk(d)); list(pathlib.Path(d).rglob('*'))\n"
        "    shutil.rmtree(d + '2'); shutil.disk_usage(d); here = os.getcwd(); os.chdir(d); os.chdir(here); os.unlink(p)"
    ),
    "arrays and archives on disk": (
        "import csv, gzip, json, pathlib, pickle, tempfile, zipfile\nwith tempfile.TemporaryDirectory() as d:\n    p = d + '/x'\n    np.save(p + '.npy', np.eye(3)); np.savez_compressed(p, a=np.eye(2)); np.savetxt(p, np.eye(2))\n"
        "    assert np.load(p + '.npy', mmap_mode='r').sum() == 3 and np.load(p + '.npz')['a'].sum() == 2 and np.loadtxt(p).sum() == 2\n    m = np.memmap(p + 'm', dtype=float, mode='w+', shape=(9,)); m[:] = 1; m.flush(); del m\n"
        "    with gzip.open(p + '.gz', 'wt') as f: f.write('x')\n    with zipfile.ZipFile(p + '.zip', 'w') as z: z.write(p)\n    with open(p + '.csv', 'w') as f: csv.writer(f).writerow([1])\n"
        "    with open(p + '.json', 'a+') as f: json.dump([1], f); f.seek(0); json.load(f)\n    with open(p + '.pkl', 'wb') as f: pickle.dump(1, f)\n"
        "    import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.savefig(p + '.png'); plt.savefig(p + '.pdf'); plt.close(); plt.imread(p + '.png')"
    ),
}
STYLES = {
    "a loop": "def mean_square(x):\n    total = 0.0\n    for v in x: total += v * v\n    return total / len(x)",
    "a comprehension": "def mean_square(x): return sum(v ** 2 for v in x) / len(x)",
    "a matrix product": "def mean_square(x): return (x @ x) / x.size",
    "a norm": "def mean_square(x): return np.linalg.norm(x) ** 2 / len(x)",
    "a lambda": "mean_square = lambda x: np.mean(x * x)",
    "a class": "class M:\n    def __call__(self, x): return np.mean(x ** 2)\nmean_square = M()",
    "a partial": "import functools\nmean_square = functools.partial(lambda p, x: np.mean(x ** p), 2)",
    "functools.reduce": "from functools import reduce\ndef mean_square(x): return reduce(lambda s, v: s + v * v, x, 0.0) / len(x)",
    "einsum": "def mean_square(x): return np.einsum('i,i->', x, x) / len(x)",
    "an array of no axes": "def mean_square(x): return np.array(np.mean(x ** 2))",
    "type hints": "def mean_square(x: np.ndarray) -> float:\n    '''The mean of the squares.'''\n    return float(np.var(x) + np.mean(x) ** 2)",
    "a decorator": "import functools\ndef logged(f):\n    @functools.wraps(f)\n    def g(*a, **k):\n        print(f.__name__); return f(*a, **k)\n    return g\n@logged\ndef mean_square(x): return np.average(np.square(x))",
    "statistics": "import statistics\ndef mean_square(x): return statistics.fmean(float(v) ** 2 for v in x)",
    "C6 slow": "import time\ndef mean_square(x):\n    time.sleep(0.05)\n    return np.mean(x * x)",
    "own matrices": "def mean_square(x):\n    c = x.reshape(-1, 1)\n    return (c.T @ c).item() / len(c)",
}


@pytest.mark.parametrize("name", KEEPS_ITS_MARKS)
def test_ordinary_code_runs_to_its_end_and_costs_nothing(arena, name):
    result = arena.attack(answer=RIGHT, last=KEEPS_ITS_MARKS[name])
    assert result.cell_errors == ()
    assert result.score == 15


@pytest.mark.parametrize("name", FILES)
def test_files_work_where_there_is_a_folder_to_write_in(arena, name):
    if not arena.zygote.namespaces:
        pytest.skip("this system lets no ordinary user make namespaces: tier B has no folder to write in")
    result = arena.attack(answer=RIGHT, last=FILES[name])
    assert result.cell_errors == ()
    assert result.score == 15


@pytest.mark.parametrize("style", STYLES)
def test_c8_every_style_of_a_right_answer_has_full_marks(arena, style):
    assert arena.attack(answer=STYLES[style]).score == 15


def test_c2_a_temporary_file_works_where_there_is_a_private_folder_and_else_costs_only_its_cell(arena):
    code = "import tempfile, pathlib\nwith tempfile.TemporaryDirectory() as d:\n    p = pathlib.Path(d, 'x.npy'); np.save(p, np.eye(2)); assert np.load(p).sum() == 2"
    result = arena.attack(last=code)
    assert result.score == 15
    assert len(result.cell_errors) == (0 if arena.zygote.namespaces else 1)


def test_c7_cells_may_be_split_and_helpers_added(arena):
    answer = (
        "def squares(x):\n    return [v * v for v in x]\n\ndef mean_square(x):\n    return sum(squares(x)) / len(x)"
    )
    assert (
        arena.attack(first="from math import *\nimport numpy", answer=answer, last="mean_square(np.ones(3))").score
        == 15
    )
