"""Writes the pages below docs/ that are made from the program (make reference)."""

from reference_pages.pages import PAGES

for path, text in PAGES.items():
    path.write_text(text(), encoding="utf-8")
