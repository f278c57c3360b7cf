"""A plot as data: equivalent drawings are accepted, near misses are refused with a sentence.

Every drawing is a few lines of a student. They run in this process, as in an author's own tests; test_plots_sandboxed.py
has the way through the sandbox.
"""

import contextlib
import textwrap

import numpy as np
import pytest

from autograder.authoring import (
    Annotation,
    Area,
    Arrows,
    BarChart,
    Box,
    CheckFailed,
    Contours,
    Curve,
    ErrorBars,
    Histogram,
    Image,
    Line,
    Pie,
    Points,
    Segments,
    Span,
    StraightLine,
    Surface,
    assert_plot,
    contains,
    nonempty,
)  # fmt: skip
from autograder.authoring.failing import SafeText
from autograder.authoring.inprocess import PlainStudent
from autograder.authoring.plot_reading import plot_of as plot_of_answer
from autograder.sandbox.worker import drawn_axes

GIVEN = """
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
x = np.array([0.0, 1.0, 2.0, 3.0])
y = np.array([1.0, 10.0, 100.0, 1000.0])
z = np.array([4.0, 3.0, 2.0, 1.0])
df = pd.DataFrame({"x": x, "y": y, "z": z})
kinds = ["cat", "dog", "eel"]
counts = [3, 1, 2]
pets = pd.DataFrame({"kind": kinds, "n": counts, "m": [2, 5, 4]})
long = pd.DataFrame({"kind": ["cat"] * 3 + ["dog"] + ["eel"] * 2})
days = pd.date_range("2024-03-01", periods=4, freq="D")
months = pd.date_range("2024-03-01", periods=4, freq="MS")
sample = [1, 1, 2, 2.5, 3.5]
A = np.array([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]])
"""
X, Y, Z = np.array([0.0, 1, 2, 3]), np.array([1.0, 10, 100, 1000]), np.array([4.0, 3, 2, 1])
PETS = {"cat": 3, "dog": 1, "eel": 2}
EDGES, COUNTS = [1, 2, 3, 4], [2, 2, 1]
A = np.array([[0.0, 1, 2], [3, 4, 5]])
DAYS = np.array(["2024-03-01", "2024-03-02", "2024-03-03", "2024-03-04"], dtype="datetime64[D]")
MONTHS = np.array(["2024-03", "2024-04", "2024-05", "2024-06"], dtype="datetime64[M]")


# seaborn's own call of a matplotlib function that is to go
pytestmark = pytest.mark.filterwarnings("ignore:vert. bool was deprecated")


def student_with(lines):
    names = {}
    exec(GIVEN + "def draw():\n" + textwrap.indent(lines, "    "), names)
    return PlainStudent(names)


def plot_of(lines):
    return student_with(lines).plot("draw")


def refusal(lines, /, **expected):
    with pytest.raises(CheckFailed) as failed:
        assert_plot(plot_of(lines), **expected)
    return failed.value


LINE = {"lines": [Line(X, Y)]}
BARS = {"bars": [BarChart(PETS)]}
DOTS = {"points": [Points(X, Y)]}
TWO = {"lines": [Line(X, Y, label="up"), Line(X, Z, label="down")]}
HIST = {"histograms": [Histogram(EDGES, COUNTS)]}
GROUPED = {"bars": [BarChart(PETS, label="n"), BarChart({"cat": 2, "dog": 5, "eel": 4}, label="m")]}
BOX = {"boxes": [Box(median=2.5, low=1.75, high=4.5, whisker_low=1, fliers=[9])]}  # of 1, 2, 3, 9 by hand
GROUPS = {"points": [Points([0, 1], [1, 10], label="a"), Points([2, 3], [100, 1000], label="b")]}

SAME = [
    ("plt.plot(x, y)", LINE),
    ("fig, ax = plt.subplots(); ax.plot(x, y); return fig", LINE),
    ("fig, ax = plt.subplots(); ax.plot(x, y); return ax", LINE),
    ("return plt.plot(x, y)", LINE),
    ("from matplotlib.figure import Figure\nfig = Figure(); fig.add_subplot().plot(x, y); return fig", LINE),
    ("plt.plot(x[::-1], y[::-1])", LINE),
    ("plt.plot(x, y, 'o-')", LINE),
    ("plt.plot(x, y); plt.scatter(x, y)", LINE),
    ("plt.plot(list(x), list(y)); plt.show()", LINE),
    ("df.plot(x='x', y='y')", LINE),
    ("df.set_index('x').y.plot()", LINE),
    ("import seaborn as sns\nsns.lineplot(df, x='x', y='y')", LINE),
    ("import seaborn as sns\nreturn sns.relplot(df, x='x', y='y', kind='line')", LINE),
    ("plt.semilogy(x, y)", LINE | {"yscale": "log"}),
    ("plt.plot(x, y); plt.yscale('log')", LINE | {"yscale": "log"}),
    ("plt.gca().set_yscale('log'); plt.plot(x, y)", LINE | {"yscale": "log"}),
    ("df.plot(x='x', y='y', logy=True)", LINE | {"yscale": "log"}),
    ("plt.plot(x, z, label='down'); plt.plot(x, y, label='up'); plt.legend()", TWO),
    ("plt.plot(x, np.column_stack([y, z])); plt.legend(['up', 'down'])", TWO),
    ("plt.plot(x, y, x, z); plt.legend(['Up ', 'down'])", TWO),
    ("df.rename(columns={'y': 'up', 'z': 'down'}).plot(x='x')", TWO),
    ("import seaborn as sns\nsns.lineplot(df.rename(columns={'y': 'up', 'z': 'down'}).melt('x'), x='x', y='value', hue='variable')", TWO),
    *((f"plt.plot(x, y, color={c})", {"lines": [Line(X, Y, color="red")]}) for c in ("'r'", "(1, 0, 0)", "'#ff0000'", "(1, 0, 0, 1)")),
    ("plt.plot(x, y, linestyle='dashed')", {"lines": [Line(X, Y, style="--")]}),
    ("plt.plot(x, y, 'r--')", {"lines": [Line(X, Y, style="dashed", color=(1, 0, 0))]}),
    ("plt.plot([0, 1, 2, 3], [1, np.nan, 100, 1000])", {"lines": [Line(X, [1, np.nan, 100, 1000])]}),
    ("plt.plot([-1, *x], [np.nan, *y])", LINE),
    ("pd.Series([1, np.nan, 100, 1000], index=x).plot()", {"lines": [Line(X, [1, np.nan, 100, 1000])]}),
    ("plt.plot(days, y)", {"lines": [Line(DAYS, Y)]}),
    ("plt.plot(days.to_pydatetime(), y)", {"lines": [Line(DAYS, Y)]}),
    ("pd.Series(y, index=days).plot()", {"lines": [Line(DAYS, Y)]}),
    ("pd.Series(y, index=months).plot()", {"lines": [Line(MONTHS, Y)]}),
    ("pd.Series(y, index=months).plot(x_compat=True)", {"lines": [Line(list(MONTHS.astype("O")), Y)]}),
    ("plt.plot(kinds, counts)", {"lines": [Line(["cat", "dog", "eel"], [3, 1, 2])]}),
    ("plt.plot(range(3), counts); plt.xticks(range(3), kinds)", {"lines": [Line(["cat", "dog", "eel"], [3, 1, 2])]}),
    ("t = np.linspace(0, 2, 77); plt.plot(t, t**2)", {"lines": [Curve(lambda x: x**2, between=(0, 2), points=20)]}),
    ("t = np.linspace(0, 2, 20); plt.plot(t, t*t, 'k')", {"lines": [Curve(lambda x: x**2, between=(0, 2), points=20)]}),
    ("plt.plot(x, y); plt.axhline(5)", LINE | {"straight": [StraightLine(y=5)]}),
    ("plt.plot(x, y); plt.hlines(5, 0, 3)", LINE | {"straight": [StraightLine(y=5)]}),
    ("plt.plot(x, y); plt.plot([0, 3], [5, 5])", LINE | {"straight": [StraightLine(y=5)]}),
    ("plt.plot(x, y); plt.axvline(2, color='k', ls=':')", LINE | {"straight": [StraightLine(x=2, color="black")]}),
    ("plt.scatter(x, y)", DOTS),
    ("plt.plot(x, y, 'o')", DOTS),
    ("plt.plot(x, y, 'o-')", DOTS),
    ("plt.scatter(x[::-1], y[::-1])", DOTS),
    ("df.plot.scatter('x', 'y')", DOTS),
    ("import seaborn as sns\nsns.scatterplot(df, x='x', y='y')", DOTS),
    ("import seaborn as sns\nsns.regplot(df, x='x', y='y')", DOTS),
    ("for a, b in zip(x, y): plt.scatter(a, b)", DOTS),
    ("plt.scatter(x, y, c=z, cmap='viridis'); plt.colorbar()", {"points": [Points(X, Y, values=Z, cmap="viridis")], "colorbar": True}),
    ("plt.scatter(x[:2], y[:2], label='a'); plt.scatter(x[2:], y[2:], label='b'); plt.legend()", GROUPS),
    ("import seaborn as sns\nsns.scatterplot(df.assign(g=list('aabb')), x='x', y='y', hue='g')", GROUPS),
    ("plt.bar(kinds, counts)", BARS),
    ("plt.barh(kinds, counts)", BARS),
    ("plt.bar(kinds[::-1], counts[::-1])", BARS),
    ("plt.bar(range(3), counts); plt.xticks(range(3), kinds)", BARS),
    ("plt.bar([10, 20, 30], counts, tick_label=kinds, width=5)", BARS),
    ("fig, ax = plt.subplots(); ax.bar([0, 1, 2], counts); ax.set_xticks([0, 1, 2], kinds, rotation=45)", BARS),
    ("pets.plot.bar(x='kind', y='n')", BARS),
    ("pets.plot(kind='barh', x='kind', y='n')", BARS),
    ("long.kind.value_counts().plot.bar()", BARS),
    ("import seaborn as sns\nsns.barplot(pets, x='kind', y='n')", BARS),
    ("import seaborn as sns\nsns.barplot(pets, y='kind', x='n')", BARS),
    ("import seaborn as sns\nsns.countplot(long, x='kind')", BARS),
    ("import seaborn as sns\nsns.countplot(long, x='kind', hue='kind')", BARS),
    ("for k, n in zip(kinds, counts): plt.bar(k, n)", BARS),
    ("plt.bar([2022, 2023], [5, 6])", {"bars": [BarChart([2023, 2022], [6, 5])]}),
    ("plt.bar(['2022', '2023'], [5, 6])", {"bars": [BarChart([2022, 2023], [5, 6])]}),
    ("pd.Series([5, 6], index=[2022, 2023]).plot.bar()", {"bars": [BarChart([2022, 2023], [5, 6])]}),
    ("pets.plot.bar(x='kind')", GROUPED),
    ("p = np.arange(3); plt.bar(p - .2, counts, .4, label='n'); plt.bar(p + .2, pets.m, .4, label='m'); plt.xticks(p, kinds); plt.legend()", GROUPED),
    ("import seaborn as sns\nsns.barplot(pets.melt('kind'), x='kind', y='value', hue='variable')", GROUPED),
    ("plt.bar(kinds, counts, label='n'); plt.bar(kinds, pets.m, bottom=counts, label='m')", {"bars": [BarChart(PETS), BarChart(["cat", "dog", "eel"], [2, 5, 4], bottoms=[3, 1, 2])]}),
    ("pets.plot.bar(x='kind', stacked=True)", GROUPED),
    ("plt.hist(sample, bins=[1, 2, 3, 4])", HIST),
    ("plt.hist(sample, bins=[1, 2, 3, 4], rwidth=0.8, color='k')", HIST),
    ("plt.hist(sample, bins=[1, 2, 3, 4], histtype='step')", HIST),
    ("plt.hist(sample, bins=[1, 2, 3, 4], histtype='stepfilled')", HIST),
    ("plt.hist(sample, bins=[1, 2, 3, 4], orientation='horizontal')", HIST),
    ("plt.stairs(*np.histogram(sample, bins=[1, 2, 3, 4]))", HIST),
    ("n, e = np.histogram(sample, bins=[1, 2, 3, 4]); plt.bar(e[:-1], n, width=1, align='edge')", HIST),
    ("pd.Series(sample).plot.hist(bins=[1, 2, 3, 4])", HIST),
    ("pd.Series(sample).hist(bins=[1, 2, 3, 4])", HIST),
    ("import seaborn as sns\nsns.histplot(sample, bins=[1, 2, 3, 4])", HIST),
    ("plt.imshow(A)", {"images": [Image(A)]}),
    ("plt.imshow(A[::-1], origin='lower')", {"images": [Image(A)]}),
    ("plt.imshow(A[::-1]); plt.gca().invert_yaxis()", {"images": [Image(A)]}),
    ("plt.matshow(A)", {"images": [Image(A)]}),
    ("plt.pcolormesh(A); plt.gca().invert_yaxis()", {"images": [Image(A)]}),
    ("import seaborn as sns\nsns.heatmap(A, cmap='Reds', cbar_kws={'label': 'height'})", {"images": [Image(A, cmap="Reds")], "colorbar": "Height"}),
    ("plt.boxplot([1, 2, 3, 9])", BOX),
    ("plt.boxplot([1, 2, 3, 9], notch=True, patch_artist=True)", BOX),
    ("plt.boxplot([1, 2, 3, 9], orientation='horizontal')", BOX),
    ("pd.Series([1, 2, 3, 9]).plot.box()", BOX),
    ("import seaborn as sns\nsns.boxplot(pd.DataFrame({'v': [1, 2, 3, 9]}), y='v')", BOX),
    ("plt.pie(counts, labels=kinds, autopct='%d')", {"pies": [Pie(PETS)]}),
    ("pets.set_index('kind').n.plot.pie()", {"pies": [Pie(PETS)]}),
    ("plt.fill_between(x, 0 * x, y)", {"areas": [Area(X, [0] * 4, Y)]}),
    ("plt.stackplot(x, y)", {"areas": [Area(X, [0] * 4, Y)]}),
    ("plt.errorbar(x, y, yerr=1, capsize=3, fmt='o')", {"errors": [ErrorBars(X, Y, y_low=Y - 1, y_high=Y + 1)], **DOTS}),
    ("df.plot(x='x', y='y', yerr=np.ones(4))", {"errors": [ErrorBars(y_low=Y - 1, y_high=Y + 1)], **LINE}),
    ("plt.contour(np.add.outer(x, x), levels=[1, 2, 3])", {"contours": [Contours(levels=[1, 2, 3], filled=False)]}),
    ("plt.stem(x, y)", DOTS),
    ("plt.axvspan(1, 2, color='r')", {"spans": [Span(1, 2, horizontal=False, color="r")]}),
    ("plt.quiver(x, x, y, z)", {"arrows": [Arrows(X, X, Y, Z)]}),
    ("plt.plot(x, y); plt.annotate('peak here', (3, 1000))", {"texts": [Annotation(contains("peak"), x=3)]}),
    ("plt.vlines([1, 2], 0, 5)", {"segments": [Segments([1, 2], [0, 0], [1, 2], [5, 5])]}),
    ("ax = plt.figure().add_subplot(projection='3d'); ax.plot(x, y, z)", {"lines": [Line(X, Y, z=Z)], "kind": "3d"}),
    ("ax = plt.figure().add_subplot(projection='3d'); ax.plot_surface(*np.meshgrid(x, x), np.ones((4, 4)))", {"surfaces": [Surface(wires=False)]}),
    ("plt.polar(x, y)", LINE | {"kind": "polar"}),
    ("plt.plot(x, y); plt.title('Growth'); plt.xlabel('epoch  number'); plt.ylabel('$loss$')", {"title": nonempty, "xlabel": contains("step", "Epoch"), "ylabel": "Loss"}),
    ("fig, ax = plt.subplots(); ax.set(xlabel='a', ylabel='b'); ax.plot(x, y); fig.suptitle('T'); return fig", {"title": "t", "xlabel": "a", "ylabel": "b"}),
    ("plt.plot(x, y); plt.title('left one', loc='left')", {"title": contains("one")}),
    ("plt.plot(x, y); plt.xlim(0, 5); plt.ylim(2000, 0); plt.grid()", {"xlim": (0, 5), "ylim": (0, 2000), "grid": True}),
    ("plt.plot(x, y, label='up'); plt.gcf().legend()", {"legend": ["up"]}),
    ("plt.plot(x, y, label='up'); plt.plot(x, z, label='down'); plt.legend()", {"legend": ["down", "UP"]}),
    ("plt.figure(); plt.figure(); plt.plot(x, y)", LINE),
    ("plt.plot(x, y); ax = plt.twinx(); ax.plot(x, z); ax.set_ylabel('z'); plt.title('T')", {"axes": 2, "lines": [Line(X, Z)], "ylabel": "z", "title": "T"}),
    ("fig, (a, b) = plt.subplots(1, 2); a.plot(x, z); b.plot(x, y); return np.array([a, b])", LINE | {"axes": 2}),
    ("df.plot(x='x', subplots=True)", LINE | {"axes": 2}),
]  # fmt: skip

OTHER = [
    ("pass", LINE, "nothing is drawn. Hint: draw on a figure, and return it or leave it open."),
    ("return 3", LINE, "nothing is drawn. Hint: draw on a figure, and return it or leave it open."),
    ("plt.figure()", LINE, "nothing is drawn. Hint: draw on a figure, and return it or leave it open."),
    ("plt.scatter(x, y)", LINE, "expected 1 line, got none."),
    ("plt.plot(x, y); plt.plot(x, z)", LINE, "expected 1 line, got more."),
    ("plt.plot(x, y)", TWO, "expected 2 lines, got fewer."),
    ("plt.plot(y, x)", LINE, "the line has x and y in each other's place."),
    ("plt.plot(x, y + 1)", LINE, "the line shows other values."),
    ("plt.plot(y)", {"lines": [Line(X + 1, Y)]}, "the line has other x values."),
    ("plt.plot(x[:3], y[:3])", LINE, "the line has another number of points or entries."),
    ("plt.plot(x[[0, 2, 1, 3]], y[[0, 2, 1, 3]])", LINE, "the line goes through its points in another order. Hint: sort by x before you plot."),
    ("plt.plot(x, np.log10(y))", LINE | {"yscale": "log"}, "the line shows the logarithm of the values. Hint: plot the values, and make the scale logarithmic."),
    ("plt.plot(x, y)", LINE | {"yscale": "log"}, "expected a log scale on the y axis."),
    ("plt.plot(x, y); plt.xscale('log')", LINE | {"yscale": "log"}, "expected a log scale on the y axis."),
    ("plt.plot([0, 2, 3], [1, 100, 1000])", {"lines": [Line(X, [1, np.nan, 100, 1000])]}, "the line has gaps at other places. Hint: NaN makes a gap; a value that is dropped makes none."),
    ("plt.plot(x, y, 'o')", LINE, "expected 1 line, got none."),
    ("plt.plot(x, y, 'b')", {"lines": [Line(X, Y, color="red")]}, "the line has another colour, style or marker."),
    ("plt.plot(x, y, label='up'); plt.plot(x, z)", TWO, 'one of the lines has another label, or none. Hint: give label="…" and call legend().'),
    ("plt.plot(x, y, label='down'); plt.plot(x, z, label='up')", TWO, 'one of the lines has another label, or none. Hint: give label="…" and call legend().'),
    ("plt.plot(x, y); plt.plot(x, y)", {"lines": [Line(X, Y), Line(X, Z)]}, "one of the lines shows other values."),
    ("plt.plot(days + pd.Timedelta('1h'), y)", {"lines": [Line(DAYS, Y)]}, "the line has other x values."),
    ("t = np.linspace(0, 1, 50); plt.plot(t, t**2)", {"lines": [Curve(lambda x: x**2, between=(0, 2))]}, "the line covers another range of x."),
    ("t = np.linspace(0, 2, 50); plt.plot(t, t**3)", {"lines": [Curve(lambda x: x**2, between=(0, 2))]}, "the line leaves the expected curve."),
    ("t = np.linspace(0, 2, 5); plt.plot(t, t**2)", {"lines": [Curve(lambda x: x**2, points=20)]}, "the line has another number of points or entries."),
    ("plt.plot(x, y); plt.axhline(6)", LINE | {"straight": [StraightLine(y=5)]}, "the straight line from edge to edge shows other values."),
    ("plt.plot(x, y); plt.axvline(5)", LINE | {"straight": [StraightLine(y=5)]}, "expected 1 straight line from edge to edge, got none."),
    ("plt.plot(x, y)", DOTS, "expected 1 group of points, got none."),
    ("plt.scatter(y, x)", DOTS, "the group of points has x and y in each other's place."),
    ("plt.scatter(x, z)", DOTS, "the group of points shows other values."),
    ("plt.scatter(x, y)", GROUPS, "expected 2 groups of points, got fewer."),
    ("plt.bar(kinds, [3, 1, 4])", BARS, "the group of bars shows other values."),
    ("plt.bar(['cat', 'dog', 'fox'], counts)", BARS, "the group of bars stands at other categories. Hint: compare the texts below the ticks."),
    ("plt.bar(range(3), counts)", BARS, "the group of bars stands at other categories. Hint: compare the texts below the ticks."),
    ("plt.bar(kinds, sorted(counts))", BARS, "the group of bars shows other values."),
    ("plt.bar(kinds[:2], counts[:2])", BARS, "the group of bars has another number of points or entries."),
    ("plt.barh(kinds, counts)", {"bars": [BarChart(PETS, horizontal=False)]}, "the group of bars lies where it should stand, or stands where it should lie."),
    ("plt.plot(kinds, counts)", BARS, "expected 1 group of bars, got none."),
    ("plt.hist(sample, bins=[1, 2, 3, 4], density=True)", HIST, "the histogram shows other values."),
    ("plt.hist(sample, bins=[1, 3, 4])", HIST, "the histogram has another number of points or entries."),
    ("plt.hist(sample, bins=[0, 2, 3, 4])", HIST, "the histogram has other x values."),
    ("plt.imshow(A[::-1])", {"images": [Image(A)]}, "the image shows other values."),
    ("plt.imshow(A.T)", {"images": [Image(A)]}, "the image shows other values."),
    ("plt.imshow(A, cmap='gray')", {"images": [Image(A, cmap="viridis")]}, "the image has another colour, style or marker."),
    ("plt.boxplot([1, 2, 3, 4])", BOX, "the box shows other values."),
    ("plt.pie([1, 1, 1], labels=kinds)", {"pies": [Pie(PETS)]}, "the pie shows other values."),
    ("plt.pie(counts)", {"pies": [Pie(PETS)]}, "the pie stands at other categories. Hint: compare the texts below the ticks."),
    ("plt.fill_between(x, y, z)", {"areas": [Area(X, [0] * 4, Y)]}, "the filled area shows other values."),
    ("plt.plot(x, y)", LINE | {"title": nonempty}, "the title is missing. Hint: plt.title or ax.set_title."),
    ("plt.plot(x, y); plt.title('Loss')", {"title": contains("growth")}, "the title is not the expected one."),
    ("plt.plot(x, y); plt.ylabel('epoch')", {"xlabel": contains("epoch")}, "the label of the x axis is missing. Hint: plt.xlabel or ax.set_xlabel."),
    ("plt.plot(x, y, label='up')", {"legend": True}, 'the legend is missing. Hint: give each part a label="…", then call legend().'),
    ("plt.plot(x, y, label='up'); plt.legend()", {"legend": ["up", "down"]}, "the legend lacks an entry, or has another text."),
    ("plt.plot(x, y, label='up'); plt.legend()", {"legend": False}, "expected no legend."),
    ("plt.scatter(x, y, c=z)", {"colorbar": True}, "the colour bar is missing. Hint: plt.colorbar or fig.colorbar."),
    ("plt.plot(x, y); plt.xlim(0, 4)", {"xlim": (0, 5)}, "the x axis covers another range."),
    ("fig, (a, b) = plt.subplots(1, 2); a.plot(x, z); b.plot(x, y)", LINE, "expected 1 pair of axes, got more."),
    ("plt.plot(x, y).pop().set_visible(False)", LINE, "nothing is drawn. Hint: draw on a figure, and return it or leave it open."),
    ("plt.plot(x, y); plt.show(); plt.plot(x, z)", LINE, "expected 1 pair of axes, got more."),
]  # fmt: skip


TRICKS = [
    ("plt.plot([0, 2] + [np.nan] * 50, [0, 4] + [np.nan] * 50)", {"lines": [Curve(np.square, between=(0, 2), points=20)]}),
    ("plt.plot([0] * 50 + [2], [0] * 50 + [4])", {"lines": [Curve(np.square, between=(0, 2), points=20)]}),
    ("plt.plot([np.nan] * 50, [np.nan] * 50)", {"lines": [Curve(np.square, points=20)]}),
    ("plt.plot([np.inf] * 4, [np.inf] * 4)", LINE),
    ("for k in range(12): plt.plot(x, k * y)", LINE),
    ("for k in range(15): plt.figure(); plt.plot(x, k * y)", LINE),
    ("for k in range(12): plt.twinx().plot(x, k * y)", LINE),
    ("for k in range(12): plt.scatter(x, k * y)", DOTS),
    ("plt.scatter(np.repeat(x, 4), np.tile(y, 4))", DOTS),
    ("for k in range(12): plt.bar(kinds, [3 * k, k, 2 * k])", BARS),
    ("for k in range(12): plt.axhline(k)", {"straight": [StraightLine(y=5)]}),
    ("for k in range(12): plt.hist(np.array(sample) * k, bins=[1, 2, 3, 4])", HIST),
    ("for k in range(12): plt.imshow(k * A)", {"images": [Image(A)]}),
    ("plt.plot(x, y); plt.gca().set_visible(False)", LINE),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), TRICKS, ids=range(len(TRICKS)))
def test_drawing_every_answer_one_can_think_of_is_no_answer(lines, expected):
    refusal(lines, **expected)


def test_more_is_allowed_only_where_the_author_says_so():
    plot = plot_of("plt.plot(x, y); plt.plot(x, z)")
    assert_plot(plot, **LINE, extra=True)
    assert_plot(plot, lines=2)
    assert_plot(plot, lines=LINE["lines"][0], extra=True)  # one part alone is a list of one


def test_one_pair_of_axes_can_be_compared_alone():
    plot = plot_of("fig, axs = plt.subplots(2, 2); axs[1, 0].plot(x, y); axs[0, 0].plot(x, z)")
    places = {tuple(axes.place): axes for axes in plot.axes}
    assert_plot(places[1, 0, 2, 2], **LINE)
    with pytest.raises(CheckFailed, match="the line shows other values"):
        assert_plot(places[0, 0, 2, 2], **LINE)


def test_twins_of_a_second_figure_share_their_own_title():
    plot = plot_of(
        "plt.plot(x, y); plt.title('A'); plt.figure(); plt.plot(x, z); plt.title('B'); plt.twinx().plot(x, x)"
    )
    assert_plot(plot, axes=3, lines=[Line(X, X)], title="B")


def test_a_slip_in_the_name_of_an_expectation_is_one_line_for_the_author():
    with pytest.raises(TypeError, match=r"got .titel.\. Hint: did you mean title\?"):
        assert_plot(plot_of("plt.plot(x, y)"), titel="x")


def test_a_function_may_have_an_argument_called_question():
    names = {}
    exec(GIVEN + "def draw(question): plt.plot(question)", names)
    assert_plot(PlainStudent(names).plot("draw", question=[1, 2]), lines=[Line([0, 1], [1, 2])])


@pytest.mark.parametrize(("lines", "expected"), SAME, ids=range(len(SAME)))
def test_a_right_drawing_is_accepted_however_it_is_made(lines, expected):
    assert_plot(plot_of(lines), **expected)


@pytest.mark.parametrize(("lines", "expected", "sentence"), OTHER, ids=range(len(OTHER)))
def test_a_near_miss_is_refused_with_a_sentence_of_fixed_words(lines, expected, sentence):
    failure = refusal(lines, **expected)
    assert failure.line(frozenset()) == f"the plot: {sentence}"
    assert isinstance(failure.message, SafeText)


ODD = [None, True, -1, 10**400, 1.5, float("nan"), "", "x" * 300, [], [1], {}, {"kind": "line"}, np.zeros(0), np.zeros(3, np.int64), np.zeros((2, 2)), np.array(1.0), np.full(4, np.inf), np.array(["a"])]  # fmt: skip


def spoilt(answer, rng):
    """The answer with one of its parts, at any depth, replaced by an odd value."""
    if isinstance(answer, (dict, list)) and answer and rng.random() < 0.85:
        key = rng.choice(list(answer)) if isinstance(answer, dict) else rng.integers(len(answer))
        copy = answer.copy()
        copy[key] = spoilt(answer[key], rng)
        return copy
    return ODD[rng.integers(len(ODD))]


def test_a_spoilt_answer_is_a_plot_or_a_failed_check():
    names = {}
    exec(GIVEN, names)
    exec(
        "fig, (a, b) = plt.subplots(1, 2); a.plot(x, y, label='up'); a.scatter(x, z); a.legend(); b.bar(kinds, counts)\n"
        "b.twinx().boxplot([1, 2, 3]); a.hist(sample); b.pie(counts); a.errorbar(x, y, yerr=1); a.axhline(2); b.imshow(A)",
        names,
    )
    honest = drawn_axes.read([names["fig"]])
    rng = np.random.default_rng(0)
    everything = (
        LINE | DOTS | BARS | HIST | BOX | {"pies": [Pie(PETS)], "straight": [StraightLine(y=2)], "legend": True}
    )
    for _ in range(1000):
        try:
            plot = plot_of_answer(spoilt(honest, rng))
        except CheckFailed as failure:
            assert str(failure) == "the plot: expected a drawing that can be read."
            continue
        for kind, wanted in everything.items():
            with contextlib.suppress(CheckFailed):
                assert_plot(plot, axes=None, extra=True, **{kind: wanted})
