"""docs/explain.html: one fresh file that asks nobody for anything."""

import re
from xml.etree import ElementTree as ET

from reference_impl.figures.scenes.page import IDEAS, PAGE, STILL, explanation, scenes, still

HTML = PAGE.read_text()


def test_the_page_is_fresh():
    assert explanation() == HTML, "docs/explain.html is stale: run `make explain`"


def test_the_page_is_one_file_of_bounded_size():
    assert len(HTML.encode()) <= 110_000
    for scene in scenes():
        assert len(scene.svg.encode()) <= 14_000, scene.name
    assert not re.search(r"(?:src|href)=\"(?!#)", HTML.replace("&quot;", '"'))
    assert not re.search(r"https?:|url\((?!#)|@import", HTML)


def test_the_page_allows_its_own_script_and_nothing_else():
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', HTML)
    assert re.fullmatch(
        r"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-[\w+/]+='; img-src data:", policy
    )
    assert HTML.count("<script") == 1
    assert not re.search(r"\son\w+=", HTML)


def test_every_scene_has_an_idea_that_gives_no_prediction_away():
    for scene in scenes():
        assert 100 <= len(IDEAS[scene.name]) <= 700
        assert not [word for word in scene.spoilers if word in IDEAS[scene.name] + scene.title + scene.controls]


def test_no_id_is_on_the_page_twice():
    ids = re.findall(r'\sid="([^"]*)"', HTML)
    assert len(ids) == len(set(ids))


def test_the_picture_of_the_documentation_is_fresh():
    assert still() == STILL.read_text(), "docs/bills.svg is stale: run `make explain`"


def test_the_picture_of_the_documentation_is_a_file_that_loads_nothing():
    picture = ET.fromstring(STILL.read_text())
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert {"209,542,816", "668,672"} <= set(picture.itertext())
    assert not re.search(r"href|url\((?!#)|@import|<script", STILL.read_text())
