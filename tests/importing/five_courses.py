"""Five small courses in the form of nbgrader's source notebooks: statistics, physics, text, linear algebra, databases.

Each has the idioms of its field: DataFrames, classes, strings and files, exceptions, a connection to a database. A test
is (name, points, source); a line `### BEGIN HIDDEN TESTS` begins the lines that students do not get.
"""

import json

HIDE, SHOW = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"


def text(source):
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def _code(source, **mark):
    metadata = {"nbgrader": {"schema_version": 3, "locked": False, "grade": False, "solution": False, **mark}}
    return {
        "cell_type": "code",
        "metadata": metadata if mark else {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def given(source):
    return _code(source)


def answer(name, source):
    return _code(source, solution=True, grade_id=name)


def test_cell(name, points, source):
    return _code(source, grade=True, locked=True, grade_id=name, points=points)


test_cell.__test__ = False  # for pytest


def solved(signature, body):
    """A function with nbgrader's marks around its body."""
    lines = "\n".join(f"    {line}" if line else "" for line in body.strip("\n").splitlines())
    return f"{signature}\n    ### BEGIN SOLUTION\n{lines}\n    ### END SOLUTION\n"


def notebook(cells):
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 2})


STATISTICS = [
    text("# Penguins\n\nMeans and groups with pandas."),
    given("import pandas as pd\nimport numpy as np\n\npenguins = pd.read_csv('penguins.csv')"),
    text("## Question 1: means"),
    answer("means", solved("def means(frame):", "return frame.groupby('species')['mass'].mean()")),
    test_cell("means_public", 1, "m = means(penguins)\nassert list(m.index) == ['Adelie', 'Gentoo']"),
    test_cell(
        "means_hidden",
        2,
        f"assert means(penguins).shape == (2,)\n{HIDE}\nmade = pd.DataFrame({{'species': ['a', 'a', 'b'], 'mass': [1.0, 3.0, 5.0]}})\n"
        f"pd.testing.assert_series_equal(means(made), pd.Series([2.0, 5.0], pd.Index(['a', 'b'], name='species'), name='mass'))\n{SHOW}",
    ),
    text("## Question 2: a column"),
    answer(
        "ratio",
        "penguins['ratio'] = penguins['mass'] / penguins['length']  ### BEGIN SOLUTION".replace(
            "  ### BEGIN SOLUTION", ""
        ),
    ),
    test_cell("ratio_hidden", 1, f"{HIDE}\nassert abs(penguins['ratio'].iloc[0] - 3750 / 181) < 1e-9\n{SHOW}"),
    answer("heavy", solved("def heavy(frame, limit):", "return frame[frame['mass'] > limit].sort_values('mass')")),
    test_cell(
        "heavy_hidden",
        2,
        f"{HIDE}\nh = heavy(penguins, 4000)\nassert len(h) == 2 and h['mass'].is_monotonic_increasing\n"
        f"assert heavy(penguins, 1e9).empty\n{SHOW}",
    ),
    test_cell(
        "heavy_leaves",
        1,
        f"{HIDE}\nbefore = penguins.copy()\nheavy(penguins, 0)\npd.testing.assert_frame_equal(penguins, before)\n{SHOW}",
    ),
]
PENGUINS = "species,mass,length\nAdelie,3750,181\nAdelie,3800,186\nGentoo,5000,210\nGentoo,4500,217\n"

PHYSICS = [
    text("# A pendulum"),
    given("import numpy as np\n\nG = 9.81"),
    answer(
        "step",
        solved(
            "def euler_step(theta, omega, dt, length=1.0):",
            "alpha = -G / length * np.sin(theta)\nreturn theta + dt * omega, omega + dt * alpha",
        ),
    ),
    test_cell("step_public", 1, "assert euler_step(0.0, 1.0, 0.5)[0] == 0.5"),
    test_cell(
        "step_hidden",
        1,
        f"{HIDE}\nnp.testing.assert_allclose(euler_step(np.pi / 2, 0.0, 0.1, 2.0), (np.pi / 2, -G / 2 * 0.1))\n{SHOW}",
    ),
    answer(
        "path",
        solved(
            "def simulate(theta, omega, dt, n):",
            "rows = [(theta, omega)]\nfor _ in range(n):\n    rows.append(euler_step(*rows[-1], dt))\nreturn np.array(rows)",
        ),
    ),
    test_cell(
        "path_shape",
        1,
        f"{HIDE}\npath = simulate(0.1, 0.0, 0.01, 20)\nassert path.shape == (21, 2)\nassert np.all(np.diff(path[:10, 0]) <= 0)\n{SHOW}",
    ),
    answer(
        "integrate",
        solved(
            "def integrate(f, a, b, n):",
            "x = np.linspace(a, b, n + 1)\ny = np.array([f(v) for v in x])\nreturn float(np.sum((y[1:] + y[:-1]) / 2) * (b - a) / n)",
        ),
    ),
    test_cell(
        "integrate_hidden",
        2,
        f"{HIDE}\nassert abs(integrate(lambda t: 3 * t**2, 0, 2, 200) - 8) < 1e-3\nassert abs(integrate(np.sin, 0, np.pi, 300) - 2) < 1e-3\n{SHOW}",
    ),
    answer(
        "body",
        "class Body:\n    def __init__(self, mass, velocity):\n        self.mass, self.velocity = mass, velocity\n\n    def energy(self):\n"
        "        ### BEGIN SOLUTION\n        return self.mass * self.velocity**2 / 2\n        ### END SOLUTION\n",
    ),
    test_cell(
        "body_hidden",
        1,
        f"{HIDE}\nb = Body(2.0, 3.0)\nassert b.energy() == 9.0\nb.velocity = 1.0\nassert b.energy() == 1.0\n{SHOW}",
    ),
    answer(
        "period",
        solved(
            "def period(length):",
            "if length <= 0:\n    raise ValueError('length must be positive')\nreturn 2 * np.pi * np.sqrt(length / G)",
        ),
    ),
    test_cell(
        "period_hidden",
        1,
        f"{HIDE}\nimport unittest\ncase = unittest.TestCase()\ncase.assertAlmostEqual(period(G), 2 * np.pi)\nwith case.assertRaises(ValueError):\n    period(-1)\n{SHOW}",
    ),
]

TEXT = [
    text("# Words"),
    given(
        "from collections import Counter\nimport re\n\nSTOP = {'the', 'a'}\n\ndef clean(line):\n    return re.sub(r'[^a-z ]', '', line.lower())"
    ),
    answer("words", solved("def words(line):", "return [w for w in clean(line).split() if w not in STOP]")),
    test_cell("words_public", 1, "assert words('The cat, a dog!') == ['cat', 'dog']"),
    test_cell(
        "words_hidden",
        1,
        f"{HIDE}\nassert words('') == []\nassert words('Hello; the WORLD') == clean('hello world').split()\n{SHOW}",
    ),
    answer(
        "count",
        solved(
            "def count(lines):", "total = Counter()\nfor line in lines:\n    total.update(words(line))\nreturn total"
        ),
    ),
    test_cell(
        "count_hidden",
        2,
        f"{HIDE}\nassert count(['a b', 'b c', 'b']).most_common(1) == [('b', 3)]\nassert set(count(['x y'])) == {{'x', 'y'}}\n{SHOW}",
    ),
    answer(
        "report", solved("def report(counts):", "for word, n in sorted(counts.items()):\n    print(f'{word}: {n}')")
    ),
    test_cell(
        "report_hidden",
        1,
        f"{HIDE}\nimport io\nfrom contextlib import redirect_stdout\nheard = io.StringIO()\nwith redirect_stdout(heard):\n    report({{'b': 1, 'a': 2}})\n"
        f"assert heard.getvalue() == 'a: 2\\nb: 1\\n'\n{SHOW}",
    ),
    answer("unique", solved("def letters(word):", "return set(word)")),
    test_cell(
        "letters_hidden",
        1,
        f"{HIDE}\nassert letters('noon') == {{'n', 'o'}}\nassert isinstance(letters(''), set)\n{SHOW}",
    ),
    answer("tidy", solved("def tidy(lines):", "lines[:] = [line.strip() for line in lines if line.strip()]")),
    test_cell(
        "tidy_hidden",
        1,
        f"{HIDE}\nlines = [' a ', '', 'b']\nassert tidy(lines) is None\nassert lines == ['a', 'b']\n{SHOW}",
    ),
    test_cell("uses_clean", 1, f"{HIDE}\nimport inspect\nassert 'clean(' in inspect.getsource(words)\n{SHOW}"),
]

ALGEBRA = [
    text("# Matrices"),
    given(
        "import numpy as np\nfrom numpy.linalg import norm\n\nA = np.array([[4.0, 1.0], [1.0, 3.0]])\nb = np.array([1.0, 2.0])"
    ),
    text("## Solve"),
    answer("x", "### BEGIN SOLUTION\nx = np.linalg.solve(A, b)\n### END SOLUTION"),
    test_cell("x_hidden", 1, f"assert x.shape == (2,)\n{HIDE}\nassert np.allclose(A @ x, b)\n{SHOW}"),
    text("## Power iteration"),
    answer(
        "power",
        solved(
            "def power(M, n=200):",
            "v = np.ones(len(M))\nfor _ in range(n):\n    v = M @ v\n    v = v / norm(v)\nreturn v @ M @ v, v",
        ),
    ),
    test_cell("power_public", 1, "value, vector = power(A)\nassert abs(norm(vector) - 1) < 1e-9"),
    test_cell(
        "power_hidden",
        2,
        f"{HIDE}\nfor M in (A, np.diag([5.0, 2.0, 1.0])):\n    value, vector = power(M)\n    assert abs(value - max(np.linalg.eigvalsh(M))) < 1e-6\n{SHOW}",
    ),
    answer("invert", solved("def inverse(M):", "return np.linalg.inv(M)")),
    test_cell(
        "singular_hidden",
        1,
        f"{HIDE}\ntry:\n    inverse(np.zeros((2, 2)))\nexcept np.linalg.LinAlgError:\n    pass\nelse:\n    assert False\n{SHOW}",
    ),
    answer("roots", solved("def roots(a, b, c):", "return np.roots([a, b, c]).astype(complex)")),
    test_cell(
        "roots_hidden",
        1,
        f"{HIDE}\nr = sorted(roots(1, 0, 1), key=lambda z: z.imag)\nassert np.allclose(r, [-1j, 1j])\n{SHOW}",
    ),
    text("## The same name again"),
    answer("x2", "### BEGIN SOLUTION\nx = np.linspace(0, 1, 5)\n### END SOLUTION"),
    test_cell("x2_hidden", 1, f"{HIDE}\nassert x[-1] == 1 and len(x) == 5\n{SHOW}"),
]

DATABASES = [
    text("# A database of books"),
    given("import sqlite3\n\nBOOKS = [('Emma', 1815), ('Dracula', 1897)]"),
    answer(
        "make",
        solved(
            "def make():",
            "connection = sqlite3.connect(':memory:')\nconnection.execute('create table book (title text unique, year int)')\nconnection.executemany('insert into book values (?, ?)', BOOKS)\nreturn connection",
        ),
    ),
    test_cell(
        "make_hidden", 1, f"{HIDE}\nassert make().execute('select count(*) from book').fetchone() == (2,)\n{SHOW}"
    ),
    answer(
        "query", "### BEGIN SOLUTION\nQUERY = 'select title from book where year > ? order by title'\n### END SOLUTION"
    ),
    test_cell(
        "query_hidden",
        2,
        f"{HIDE}\nconnection = sqlite3.connect(':memory:')\nconnection.execute('create table book (title text, year int)')\n"
        f"connection.executemany('insert into book values (?, ?)', [('x', 1), ('b', 5), ('a', 9)])\n"
        f"assert connection.execute(QUERY, (2,)).fetchall() == [('a',), ('b',)]\n{SHOW}",
    ),
    answer("titles", solved("def titles(year):", "return [row[0] for row in make().execute(QUERY, (year,))]")),
    test_cell("titles_public", 1, "assert titles(1850) == ['Dracula']"),
    test_cell(
        "titles_hidden", 1, f"{HIDE}\nassert titles(1800) == ['Dracula', 'Emma']\nassert titles(3000) == []\n{SHOW}"
    ),
    answer(
        "twice",
        solved(
            "def add_twice(title):",
            "connection = make()\nconnection.execute('insert into book values (?, 1)', (title,))\nconnection.execute('insert into book values (?, 1)', (title,))",
        ),
    ),
    test_cell(
        "twice_hidden",
        1,
        f"{HIDE}\ntry:\n    add_twice('z')\nexcept sqlite3.IntegrityError:\n    pass\nelse:\n    raise AssertionError\n{SHOW}",
    ),
    answer(
        "by_year",
        solved("def by_year():", "return {year: title for title, year in make().execute('select * from book')}"),
    ),
    test_cell("by_year_hidden", 1, f"{HIDE}\nassert by_year() == {{y: t for t, y in BOOKS}}\n{SHOW}"),
]

COURSES = {
    "statistics": (STATISTICS, {"penguins.csv": PENGUINS}),
    "physics": (PHYSICS, {}),
    "text": (TEXT, {}),
    "algebra": (ALGEBRA, {}),
    "databases": (DATABASES, {}),
}


def write_course(folder, name):
    """source/NAME as nbgrader has it. Returns that folder."""
    cells, files = COURSES[name]
    place = folder / "source" / name
    place.mkdir(parents=True)
    (place / f"{name}.ipynb").write_text(notebook(cells))
    for file, content in files.items():
        (place / file).write_text(content)
    return place
