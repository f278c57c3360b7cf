"""The vocabulary of hidden checks: everything that an author imports."""

from autograder.authoring.assertions import (
    assert_array,
    assert_gradients,
    assert_integer,
    assert_number,
    assert_unchanged,
)
from autograder.authoring.checks import check
from autograder.authoring.diagnosis import Suspect, describe
from autograder.authoring.drawing_parts import Pair
from autograder.authoring.drawings import Bars, Curves, Ground, HeatMap, Messages, Paths
from autograder.authoring.failing import CheckFailed, SafeText, blocked, fail
from autograder.authoring.graph_drawings import Graph
from autograder.authoring.lifting import inside, lifted
from autograder.authoring.pictures import NoPicture, no_picture, numbers, picture
from autograder.authoring.plain_values import assert_value
from autograder.authoring.plot_assertions import assert_plot
from autograder.authoring.plot_likeness import Curve, StraightLine
from autograder.authoring.plot_parts import (
    Annotation,
    Area,
    Arrows,
    BarChart,
    Box,
    Contours,
    ErrorBars,
    Histogram,
    Image,
    Line,
    Pie,
    Points,
    Segments,
    Span,
    Surface,
)
from autograder.authoring.plot_words import contains, nonempty
from autograder.authoring.plots import Plot, PlotAxes
from autograder.authoring.rules import rule
from autograder.authoring.slips import Slip, slips
from autograder.authoring.sparse import assert_sparse
from autograder.authoring.student import Student
from autograder.authoring.tables import assert_frame, assert_series
from autograder.authoring.trials import Faults, Trial
from autograder.authoring.verdict_drawings import KillMatrix, KillRow
from autograder.sandbox.worker.formulas import Expression, Formula
from autograder.sandbox.worker.sharing import Callback

__all__ = [
    "Annotation",
    "Area",
    "Arrows",
    "BarChart",
    "Bars",
    "Box",
    "Callback",
    "CheckFailed",
    "Contours",
    "Curve",
    "Curves",
    "ErrorBars",
    "Expression",
    "Faults",
    "Formula",
    "Graph",
    "Ground",
    "HeatMap",
    "Histogram",
    "Image",
    "KillMatrix",
    "KillRow",
    "Line",
    "Messages",
    "NoPicture",
    "Pair",
    "Paths",
    "Pie",
    "Plot",
    "PlotAxes",
    "Points",
    "SafeText",
    "Segments",
    "Slip",
    "Span",
    "StraightLine",
    "Student",
    "Surface",
    "Suspect",
    "Trial",
    "assert_array",
    "assert_frame",
    "assert_gradients",
    "assert_integer",
    "assert_number",
    "assert_plot",
    "assert_series",
    "assert_sparse",
    "assert_unchanged",
    "assert_value",
    "blocked",
    "check",
    "contains",
    "describe",
    "fail",
    "inside",
    "lifted",
    "no_picture",
    "nonempty",
    "numbers",
    "picture",
    "rule",
    "slips",
]
