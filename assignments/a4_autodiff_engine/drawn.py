"""What all figures of the course share: colours, style, and what they return: their numbers, and the figure in words.

The words are made from the numbers that were drawn, so they say what *this* picture shows. Jupyter shows them folded
below the picture, and gives them to screen readers as the picture's alternative text.
Colours: Okabe and Ito's, which stay apart for colour-blind readers.
"""

import base64
import html
import io

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np

# Load the backend now. Loaded inside an rc_context, it would be set back to "not interactive" on leaving, and
# Jupyter would show the first figure of the notebook and no other.
if mpl.get_backend().lower() != "agg":  # which shows nothing, and is what a grader has loaded
    plt.switch_backend(mpl.get_backend())

BLACK, ORANGE, SKY, GREEN, BLUE, RED, PINK = (
    "#000000", "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7",
)  # fmt: skip
INK, GREY, PALE = "#222222", "#8A8A8A", "#E0E0E0"
STYLE = {
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "savefig.facecolor": "white",
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "font.size": 10,
    "legend.frameon": False,
    "lines.solid_capstyle": "round",
}


class Drawn(dict):
    """What a figure shows, by name; printed in one line. words: the figure in words, or ""."""

    words = ""

    def in_words(self, figure, words):
        """Attach words to a matplotlib figure, then return this object: `return Drawn(x=x).in_words(figure, "…")`."""
        self.words = words
        figure._repr_mimebundle_ = lambda **_: _shown(figure, words)  # Jupyter asks for it
        return self

    def __repr__(self):
        """Names and shapes instead of the numbers."""
        return "drawn: " + ", ".join(f"{name} {np.shape(value)}" for name, value in self.items())


def _shown(figure, words):
    """The figure for Jupyter, in three forms: a page with the words, a picture for print, and the words alone.

    JupyterLab and Colab take the first form. VS Code reads the last one as the alternative text of a picture.
    """
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=figure.dpi, bbox_inches="tight", facecolor=figure.get_facecolor())
    image = base64.b64encode(file.getvalue()).decode()
    text = html.escape(words)
    page = (
        f'<div><img alt="{text}" src="data:image/png;base64,{image}" style="max-width:100%">'
        f"<details><summary>The figure in words</summary><p>{text}</p></details></div>"
    )
    return {"text/html": page, "image/png": image, "text/plain": words}, {"image/png": {"alt": words}}
