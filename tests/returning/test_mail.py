"""`autograder return --to email`: one message a student, over a verified line, and only what is new."""

import json

import pytest
from hand.hand_course import HOSTILE, NAME, HandCourse, run
from returning.mail_server import PASSWORD, USER, certificate, serving

from autograder.course import open_course
from autograder.errors import AutograderError, CourseError, MalformedError
from autograder.returning import sending
from autograder.returning.letters import mail_address, sender_address

ROSTER = "id,name,email,withdrawn,excused\nada,Ada Lovelace,ada@uni.edu,,\nbob,Bôb <b> Ünï,bob@münchen.de,,\ncy,Cy,,,\ndan,Dan,dan@uni.edu,yes,\neve,Eve,eve@uni.edu,,a9_test\n"


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def room(course, tmp_path, monkeypatch, keys):
    made = HandCourse(tmp_path / "class", course)
    made.graded("ada", "bob", "cy", "dan", "eve")
    (made.root / "students.csv").write_text(ROSTER)
    monkeypatch.chdir(made.root)
    monkeypatch.setenv("SSL_CERT_FILE", str(keys[1]))
    monkeypatch.setenv(sending.PASSWORD, PASSWORD)
    monkeypatch.setattr(sending, "SECONDS", 60.0)
    return made


def settings(room, port, **more):
    fields = {"host": "localhost", "port": port, "user": USER, "sender": "Course Team <team@uni.edu>", **more}
    table = "\n".join(
        f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items() if value != ""
    )
    (room.root / "course.toml").write_text(f'title = "Test course"\n[email]\n{table}\n')


def mail(*more, code=1):
    """Exit code 1, because cy has no address."""
    return run("return", "--to", "email", *more, code=code)


def log(room):
    path = room.root / "work" / "returned" / "sent.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_each_student_with_an_address_gets_a_message_with_the_page(room, keys, security):
    with serving(keys[0], security) as server:
        settings(room, server.port, security=security)
        said = mail()
    assert "2 messages sent" in said
    assert "1 excused" in said
    assert "cy" in said
    assert "expected an e-mail address in the roster, got none" in said
    got = dict(server.messages())
    assert set(got) == {"ada@uni.edu", "bob@xn--mnchen-3ya.de"}
    message = got["bob@xn--mnchen-3ya.de"]
    assert message["To"].addresses[0].display_name == "Bôb <b> Ünï"
    assert message["From"].addresses[0].addr_spec == "team@uni.edu"
    assert message["Subject"] == "Feedback: Test course"
    body = message.get_body(("plain",)).get_content()
    assert f"{NAME}: 8 of 10 points." in body
    (page,) = message.iter_attachments()
    assert (page.get_content_type(), page.get_filename()) == ("text/html", f"{NAME}.html")
    assert "Bôb &lt;b&gt; Ünï" in page.get_content()
    verbs = [line.split()[0].upper() for line in server.lines]
    assert security == "tls" or verbs.index("STARTTLS") < min(verbs.index(verb) for verb in ("AUTH", "MAIL"))


def test_a_second_run_sends_only_what_is_new_or_changed(room, keys):
    with serving(keys[0]) as server:
        settings(room, server.port)
        mail()
        assert "0 messages sent; 2 pages were sent before" in mail()
        assert len(server.got) == 2
        before = [each["page_sha256"] for each in log(room)]
        room.graded("ada", submission_sha256="2" * 64)
        assert "1 messages sent; 1 pages were sent before" in mail()
        assert [to for to, _ in server.got[2:]] == ["ada@uni.edu"]
        (room.root / "students.csv").write_text(ROSTER.replace("ada@uni.edu", "new@uni.edu"))
        mail()
        assert [to for to, _ in server.got[3:]] == ["new@uni.edu"]
    assert len(log(room)) == 4
    assert len(set(before)) == 2


def test_one_address_that_is_refused_stops_no_other(room, keys):
    with serving(keys[0]) as server:
        settings(room, server.port)
        server.refuse["ada@uni.edu"] = "550 no such user\x1b[31m here"
        said = mail()
        assert "1 messages sent" in said
        assert "550 no such user" in said
        assert "\x1b" not in said
        assert [each["student"] for each in log(room)] == ["bob"]
        server.refuse.clear()
        assert "1 messages sent; 1 pages were sent before" in mail()
    assert [to for to, _ in server.got] == ["bob@xn--mnchen-3ya.de", "ada@uni.edu"]


def test_a_server_that_ends_the_connection_after_each_message_gets_the_next_one_anew(room, keys):
    with serving(keys[0]) as server:
        server.every = 1
        settings(room, server.port)
        assert "2 messages sent" in mail()
    assert len(server.got) == 2


def test_a_server_that_is_gone_leaves_the_rest_for_the_next_run(room, keys):
    with serving(keys[0]) as server:
        server.dies_after = 1
        settings(room, server.port)
        assert "1 messages sent" in mail()
        assert len(log(room)) == 1
        server.dies_after = None
        assert "1 messages sent; 1 pages were sent before" in mail()
    assert len(server.got) == 2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"host": "127.0.0.1"}, "CERTIFICATE_VERIFY_FAILED|certificate verify failed"),
        ({"user": "other"}, "expected to log in as other, got: 535 no such user"),
        ({"port": 1}, "expected a mail server with starttls, got"),
        ({"security": "tls"}, "expected a mail server with tls, got"),
    ],
)
def test_a_server_that_cannot_be_used_is_one_line_and_nothing_is_sent(room, keys, change, says):
    with serving(keys[0]) as server:
        settings(room, **{"port": server.port, **change})
        with pytest.raises(AutograderError, match=says) as caught:
            mail()
    assert "\n" not in str(caught.value)
    assert PASSWORD not in str(caught.value)
    assert not server.got
    assert not log(room)


def test_a_certificate_that_nobody_vouches_for_gets_no_password(room, keys, tmp_path, monkeypatch):
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate(tmp_path / "other")[1]))
    with serving(keys[0]) as server:
        settings(room, server.port)
        with pytest.raises(AutograderError, match="certificate verify failed"):
            mail()
    assert not [line for line in server.lines if "AUTH" in line]


def test_a_server_without_tls_gets_no_password(room, keys):
    with serving(keys[0], tls=False) as server:
        settings(room, server.port)
        with pytest.raises(AutograderError, match="expected a mail server with starttls"):
            mail()
    assert not [line for line in server.lines if "AUTH" in line]


def test_a_dry_run_says_who_would_get_what_and_needs_no_server(room):
    settings(room, 1)
    said = mail("--dry-run")
    assert "ada@uni.edu" in said
    assert "would send 2 messages" in said
    assert not (room.root / "work" / "returned").exists()


def test_the_password_comes_from_the_variable_or_from_a_file_for_its_owner_alone(room, keys, monkeypatch):
    monkeypatch.delenv(sending.PASSWORD)
    with serving(keys[0]) as server:
        settings(room, server.port)
        with pytest.raises(AutograderError, match="expected a password in"):
            mail()
        (room.root / "smtp").write_text(f"{PASSWORD}\n")
        settings(room, server.port, password_file="smtp")
        with pytest.raises(AutograderError, match="got one that others can read"):
            mail()
        (room.root / "smtp").chmod(0o600)
        assert "2 messages sent" in mail()
    monkeypatch.setenv(sending.PASSWORD, "passwört")
    (room.root / "work" / "returned" / "sent.jsonl").unlink()
    with pytest.raises(AutograderError, match="expected a password of ASCII characters, got others"):
        mail()


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("hots", '"a"', "email.hots: expected one of host, sender, port, security, user, subject, password_file, got 'hots'. Hint: host?"),
        ("password", '"secret"', "email.password: expected no password in this file. Hint: password_file"),
        ("port", '"587"', "email.port: expected a whole number, got '587'"),
        ("port", "0", "email.port: expected a port from 1 to 65535, got 0"),
        ("security", '"none"', "email.security: expected starttls or tls"),
        ("subject", '"a\\nBcc: x@y.z"', "email.subject: expected a text on one line"),
        ("sender", "3", "email.sender: expected a text in quotes, got 3. Hint: put quotes around it."),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_one_line(room, key, value, says):
    lines = {"host": '"localhost"', "sender": '"team@uni.edu"', key: value}
    (room.root / "course.toml").write_text("[email]\n" + "\n".join(f"{k} = {v}" for k, v in lines.items()))
    with pytest.raises(CourseError) as caught:
        open_course(room.root)
    assert says in str(caught.value)


def test_a_course_without_the_table_or_with_half_of_it_is_one_line(room):
    with pytest.raises(AutograderError, match=r"expected a table \[email\] with host and sender"):
        mail()
    (room.root / "course.toml").write_text('[email]\nsender = "team@uni.edu"\n')
    with pytest.raises(CourseError, match=r"email\.host: expected it, as in host"):
        mail()
    (room.root / "course.toml").write_text("email = 3\n")
    with pytest.raises(CourseError, match=r"email: expected a table, got 3"):
        mail()
    settings(room, 1, sender="nobody")
    with pytest.raises(AutograderError, match=r"email\.sender: expected 'Course <course@uni\.edu>', got 'nobody'"):
        mail("--dry-run")


@pytest.mark.parametrize(
    "name",
    [
        "Ada\r\nBcc: all@uni.edu",
        "Ada\nSubject: x\n\nbody",
        HOSTILE,
        '"Ada" <x@y.z>, b@c.d',
        "=?utf-8?q?x?=",
        "名前",
        "\u202eadA",
    ],
)
def test_a_name_never_becomes_a_header_or_an_address(room, keys, name):
    quoted = name.replace('"', '""')
    (room.root / "students.csv").write_text(f'id,name,email\nada,"{quoted}",ada@uni.edu\n', newline="")
    with serving(keys[0]) as server:
        settings(room, server.port)
        mail("--student", "ada", code=0)
    ((to, message),) = server.messages()
    assert to == "ada@uni.edu"
    assert [a.addr_spec for a in message["To"].addresses] == ["ada@uni.edu"]
    assert sorted(message.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
    )


@pytest.mark.parametrize(
    "text",
    [
        "a@b.de, c@d.de",
        "a b@c.de",
        "a@b\r\nRCPT TO:<x@y.z>",
        "<a@b.de>",
        "a@",
        "@b",
        "a@b@c",
        "a@.de",
        "a@b..de",
        ".a@b.de",
        "",
        "a@" + "b" * 70 + ".de",
        "a\x00@b.de",
        "a@[127.0.0.1]",
    ],
)
def test_an_address_that_is_none_is_refused(text):
    with pytest.raises(MalformedError, match="expected an e-mail address"):
        mail_address(text)


def test_addresses_are_as_servers_write_them():
    assert mail_address(" O'Hara+x@Uni-Köln.de ") == "O'Hara+x@xn--uni-kln-e1a.de"
    assert str(sender_address('"Kurs, Team" <team@uni.edu>')) == '"Kurs, Team" <team@uni.edu>'


def test_a_log_that_was_cut_off_is_mended_and_a_wrong_line_is_said(room, keys):
    path = room.root / "work" / "returned" / "sent.jsonl"
    with serving(keys[0]) as server:
        settings(room, server.port)
        mail()
        data = path.read_bytes()
        path.write_bytes(data[:-20])  # killed while it wrote the second line
        assert "1 messages sent; 1 pages were sent before" in mail()
        assert len(log(room)) == 2
    path.write_text("{}\n" + path.read_text())
    with pytest.raises(AutograderError, match=r"sent.jsonl, line 1: expected a log of what was sent, got another line"):
        mail("--dry-run")
