"""Real servers on this machine that hear what is sent: a webhook's, and a mail server that speaks SMTP."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Heard:
    """Where the server listens, what it was sent, and with what it answers from now on."""

    port: int = 0
    posts: list[dict[str, Any]] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answer: int = 200


@contextmanager
def webhook() -> Iterator[Heard]:
    heard = Heard()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            if heard.answer == 200:
                heard.posts.append(json.loads(content))
            self.send_response(heard.answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server, _serving(server):
        heard.port = server.server_address[1]
        yield heard


@contextmanager
def mail_server() -> Iterator[Heard]:
    """As much of RFC 5321 as a client needs; `answer` 200 takes a mail, anything else is said instead of taking it."""
    heard = Heard()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 tests")
            while line := self.rfile.readline().decode("ascii").strip():
                word = line.upper()
                if word.startswith("RCPT TO:"):
                    heard.recipients.append(line[8:].strip().split(" ", 1)[0].strip("<>"))
                if word.startswith("MAIL") and heard.answer != 200:
                    self.say(f"{heard.answer} not now")
                elif word == "DATA":
                    self.say("354 go on")
                    heard.mails.append(self.mail())
                    self.say("250 taken")
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 fine")

        def mail(self) -> EmailMessage:
            content = b""
            while (line := self.rfile.readline()) != b".\r\n":
                content += line.removeprefix(b".") if line.startswith(b"..") else line
            return message_from_bytes(content, policy=policy.default)  # type: ignore[return-value]

        def say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server, _serving(server):
        heard.port = server.server_address[1]
        yield heard


@contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
