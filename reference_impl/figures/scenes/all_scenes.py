"""All scenes of the course in one place, and every poster. A hand-out has the scenes of its assignment only."""

from .backward import backward
from .basins import basins
from .bill_posters import bill_poster, tape_poster
from .bills import bills
from .climber import climber
from .forward import forward
from .graph import GraphWatch, graph
from .grounds import grounds
from .posters import POSTERS, poster
from .rope import rope
from .rows import rows_poster

__all__ = [
    "POSTERS",
    "GraphWatch",
    "backward",
    "basins",
    "bill_poster",
    "bills",
    "climber",
    "forward",
    "graph",
    "grounds",
    "poster",
    "rope",
    "rows_poster",
    "tape_poster",
]
