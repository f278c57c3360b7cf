"""Which file each page is, and what makes its text."""

from pathlib import Path

from reference_pages import checks_page, commands_page, result_page, settings_pages, troubleshooting_page

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {
    DOCS / "reference" / "commands.md": commands_page.page,
    DOCS / "reference" / "course-toml.md": settings_pages.course_page,
    DOCS / "reference" / "assignment-toml.md": settings_pages.assignment_page,
    DOCS / "reference" / "checks.md": checks_page.page,
    DOCS / "reference" / "result-file.md": result_page.page,
    DOCS / "reference" / "result.schema.json": result_page.schema,
    DOCS / "troubleshooting.md": troubleshooting_page.page,
}
