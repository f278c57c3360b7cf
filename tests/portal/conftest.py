"""A portal on disk: its folders, and a database with three students and a teacher, once of each kind."""

import shutil

import pytest
from interop import postgres

from autograder.portal.database import open_database
from autograder.portal.folders import PortalFolders
from autograder.portal.schema import PersonRow

ROLES = {"ada": "student", "bob": "student", "eve": "student", "dana": "instructor"}


@pytest.fixture
def places(tmp_path):
    made = PortalFolders(tmp_path / "portal")
    made.make()
    return made


@pytest.fixture(scope="session")
def postgres_server():
    if reason := postgres.why_not():
        pytest.skip(reason)
    with postgres.server() as address:
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real_tools)])
def url(request, places):
    """SQLAlchemy's URL of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{places.database}"
    return postgres.new_database(request.getfixturevalue("postgres_server"))


@pytest.fixture(scope="session")
def empty_tables(tmp_path_factory):
    """An SQLite database with its tables: to make them takes longer than most tests that need them."""
    path = tmp_path_factory.mktemp("tables") / "portal.db"
    open_database(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def database(url, places, empty_tables):
    if url == f"sqlite:///{places.database}":
        shutil.copy(empty_tables, places.database)
    opened = open_database(url)
    with opened.write() as session:
        session.add_all(PersonRow(id=name, role=role) for name, role in ROLES.items())
    yield opened
    opened.close()
