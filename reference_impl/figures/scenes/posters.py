"""Posters: drawings that need no code of the student's. Standard library only."""

from .backward import messages_poster
from .bills import bill_poster, tape_poster
from .climber import climber_poster
from .forward import forward_poster
from .rope import rope_poster
from .rows import rows_poster

POSTERS = {
    "climber": climber_poster,
    "forward": forward_poster,
    "messages": messages_poster,
    "rope": rope_poster,
    "rows": rows_poster,
    "staircases": bill_poster,
    "tape": tape_poster,
}


def poster(name):
    """The poster of that name, one of POSTERS."""
    if name not in POSTERS:
        raise ValueError(
            f"poster: expected one of {', '.join(POSTERS)}, got {name!r}. Hint: copy the name from the text."
        )
    return POSTERS[name]()
