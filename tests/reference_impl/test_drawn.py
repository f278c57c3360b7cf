"""What a figure returns: its numbers, and the figure in words as a student's notebook shows it."""

import base64
from xml.etree import ElementTree as ET

import matplotlib.pyplot as plt
import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert.exporters import HTMLExporter

from reference_impl.figures.drawn import Drawn

WORDS = 'Slope < 0 & "steep": the ball ends at −0.27'


@pytest.fixture
def figure():
    made, axes = plt.subplots(figsize=(1, 1))
    axes.plot([0, 1])
    yield made
    plt.close(made)


def bundle(figure):
    return figure._repr_mimebundle_(include=None, exclude=None)


def test_the_numbers_print_in_one_line_and_the_words_stay_with_them(figure):
    drawn = Drawn(path=[[0.0], [1.0]], rate=0.1).in_words(figure, WORDS)
    assert repr(drawn) == "drawn: path (2, 1), rate ()"
    assert drawn["rate"] == 0.1
    assert drawn.words == WORDS


def test_a_picture_has_its_words_as_alternative_text_and_folded_below(figure):
    Drawn().in_words(figure, WORDS)
    data, _ = bundle(figure)
    page = ET.fromstring(data["text/html"].replace('max-width:100%">', 'max-width:100%"/>'))
    image, folded = page
    assert image.get("alt") == WORDS
    assert base64.b64decode(image.get("src").partition("base64,")[2]).startswith(b"\x89PNG")
    assert folded.tag == "details"
    assert folded.get("open") is None
    assert [part.text for part in folded] == ["The figure in words", WORDS]


def test_tools_that_show_no_page_have_the_picture_and_the_words(figure):
    """VS Code reads the text beside an image as its alternative text, nbconvert the image's metadata."""
    Drawn().in_words(figure, WORDS)
    data, metadata = bundle(figure)
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data["text/plain"] == WORDS
    assert metadata == {"image/png": {"alt": WORDS}}


def test_the_picture_is_made_when_it_is_shown(figure):
    Drawn().in_words(figure, WORDS)
    before = bundle(figure)[0]["image/png"]
    figure.axes[0].set_title("later")
    assert bundle(figure)[0]["image/png"] != before


def test_a_notebook_as_a_web_page_has_the_words_once_for_the_ear_and_once_for_the_eye(figure):
    Drawn().in_words(figure, "The ball ends on a summit.")
    data, metadata = bundle(figure)
    output = nbformat.v4.new_output("display_data", data, metadata=metadata)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("draw()", outputs=[output])])
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert page.count("The ball ends on a summit.") == 2
    assert 'alt="The ball ends on a summit."' in page


def test_jupyter_shows_a_figure_of_pyplot_with_its_words():
    """The notebook does nothing for it: the inline backend shows what a cell drew, as always."""
    source = (
        "import matplotlib.pyplot as plt\nfrom reference_impl.figures.drawn import Drawn\n"
        'figure, axes = plt.subplots()\nDrawn(x=1).in_words(figure, "Empty axes.")'
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(notebook, timeout=600).execute()
    result, shown = notebook.cells[0].outputs
    assert result.data["text/plain"] == "drawn: x ()"
    assert set(shown.data) == {"text/html", "image/png", "text/plain"}
    assert 'alt="Empty axes."' in shown.data["text/html"]
    assert shown.metadata["image/png"]["alt"] == "Empty axes."
