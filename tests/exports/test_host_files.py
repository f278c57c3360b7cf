"""Which host wrote a file of grades: each is known by signs that no other one has."""

import pytest

from autograder.errors import AutograderError
from autograder.exports.host_files import host_of
from autograder.exports.sheet import parse_sheet

FILES = {
    "canvas": [
        "Student,ID,SIS User ID,SIS Login ID,Section,HW (1),Final Score\n    Points Possible,,,,,10,\nA,1,u,l,S,,\n",
        "LastName;FirstName;ID;SIS User ID;Section;HW (1)\nDoe;Jane;1;u;S;\n",
    ],
    "moodle": [
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade\nParticipant 111,Jane Doe,j@u.e,x,,100.00\n",
        "\ufeffID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung\nTeilnehmer/in 111;J;j@u.e;x;;100,00\n",
        "Identifier,Status,Grade,Maximum Grade\nParticipant 111,x,,100.00\n",
        "Идентификатор,Полное имя,Состояние,Оценка,Высшая оценка\nУчастник 111,J,x,,100.00\n",
        "ID,Nomen,Nota bene,Summum\nSodalis 111,J,,100.00\nSodalis 112,K,,100.00\n",
    ],
    "brightspace": [
        "OrgDefinedId,Username,HW Points Grade <Numeric MaxPoints:10>,End-of-Line Indicator\n#1,#j,,#\n",
        "Username,HW Points Grade,End-of-Line Indicator\n#j,,#\n",
    ],
    "blackboard": [
        '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"HW [Total Pts: 10 Score] |123"\nDoe\tJ\tj\t1\t\n',
        "Username,HW |123\nj,\n",
    ],
}


@pytest.mark.parametrize(("host", "text"), [(host, text) for host, texts in FILES.items() for text in texts])
def test_each_host_is_known_by_its_columns(host, text):
    assert host_of(parse_sheet(text.encode(), "x.csv")) == host


@pytest.mark.parametrize(
    "text", ["id,name,grade\n1,a,2\n", "First Name,Last Name,SID,Email,Sections\na,b,1,c,d\n", "a\n"]
)
def test_another_table_is_no_file_of_grades(text):
    with pytest.raises(AutograderError, match="expected Moodle's grading worksheet, Canvas's gradebook, or the grades"):
        host_of(parse_sheet(text.encode(), "x.csv"))
