"""A mail server for tests, in a thread of this process: TLS with a certificate that the test made, log-in, refusals."""

import base64
import contextlib
import datetime as dt
import email
import ipaddress
import socketserver
import ssl
import threading
from email import policy

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "course", "pass word"


def certificate(folder, host="localhost"):
    """(file with key and certificate, file with the certificate alone) for `host`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(host), x509.IPAddress(ipaddress.ip_address("127.0.0.9"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(private + public)
    (folder / "ca.pem").write_bytes(public)
    return folder / "server.pem", folder / "ca.pem"


class MailServer(socketserver.ThreadingTCPServer):
    """got: the messages, each with the address it was for.  refuse: {address: answer}.  every: ends a connection after
    that many messages.  dies_after: says nothing to anybody after that many.
    """

    allow_reuse_address = daemon_threads = True

    def __init__(self, pem, security, *, tls=True):
        super().__init__(("127.0.0.1", 0), _Session)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(pem)
        self.security, self.tls = security, tls
        self.got, self.lines, self.refuse, self.every, self.dies_after = [], [], {}, 0, None

    @property
    def port(self):
        return self.server_address[1]

    @property
    def dead(self):
        return self.dies_after is not None and len(self.got) >= self.dies_after

    def messages(self):
        return [(to, email.message_from_bytes(data, policy=policy.default)) for to, data in self.got]

    def handle_error(self, request, client_address):
        pass  # the client left


class _Session(socketserver.StreamRequestHandler):
    def setup(self):
        if self.server.security == "tls":
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self):
        super().finish()
        self.request.close()  # the one that TLS made of the server's own

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())

    def handle(self):
        if self.server.dead:
            return
        self.say("220 test")
        self.to, self.known, count = "", False, 0
        while line := self.rfile.readline().decode("utf-8", "replace").rstrip("\r\n"):
            self.server.lines.append(line)
            verb = line.split(" ")[0].split(":")[0].upper()
            if self.server.dead or (self.server.every and count >= self.server.every):
                return
            if verb == "STARTTLS":
                self.say("220 go")
                self.request = self.server.context.wrap_socket(self.request, server_side=True)
                super().setup()
            elif verb == "DATA":
                self.say("354 go")
                count += 1
                self.data()
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.answer(verb, line)

    def answer(self, verb, line):
        if verb in {"EHLO", "HELO"}:
            encrypted = isinstance(self.request, ssl.SSLSocket)
            offers = ["AUTH PLAIN"] if encrypted else ["STARTTLS"] if self.server.tls else []
            self.wfile.write("".join(f"250-{each}\r\n" for each in ("test", *offers)).encode())
            self.say("250 SIZE 1000000")
        elif verb == "AUTH":
            given = base64.b64decode(line.split()[2]).decode().split("\0")[1:]
            self.known = given == [USER, PASSWORD]
            self.say("235 yes" if self.known else "535 no such user")
        elif verb == "RCPT":
            self.to = line[line.index("<") + 1 : line.index(">")]
            self.say(self.server.refuse.get(self.to, "250 yes"))
        else:
            self.say("250 yes" if self.known or verb in {"NOOP", "RSET"} else "530 log in first")

    def data(self):
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return
            lines.append(line[1:] if line.startswith(b"..") else line)
        self.server.got.append((self.to, b"".join(lines)))
        self.say("250 taken")


@contextlib.contextmanager
def serving(pem, security="starttls", **options):
    with MailServer(pem, security, **options) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
