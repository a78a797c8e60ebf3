"""A mail server that keeps what it is given, and refuses what a test tells it to."""

from __future__ import annotations

import email.policy
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from socketserver import StreamRequestHandler, ThreadingTCPServer

GOODBYE = "421"


class Sink(ThreadingTCPServer):
    """``letters`` is what arrived; ``answers`` says, by the first word of a line, what is answered instead of yes. What
    stands under ``taken`` is called when a letter was kept and its sender does not know it yet."""

    daemon_threads = True
    block_on_close = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.letters: list[EmailMessage] = []
        self.envelopes: list[list[str]] = []
        self.answers: dict[str, str] = {}
        self.taken: Callable[[], None] = lambda: None

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def environ(self) -> dict[str, str]:
        """The settings by which an installation sends here."""
        return {
            "DUBAN_MAIL_SERVER": "127.0.0.1",
            "DUBAN_MAIL_PORT": str(self.port),
            "DUBAN_MAIL_SECURITY": "none",
            "DUBAN_MAIL_FROM": "督办台 <duban@example.com>",
            "DUBAN_PUBLIC_URL": "https://duban.example.com",
        }


class Session(StreamRequestHandler):
    """One connection, as far as SMTP goes here: EHLO, MAIL, RCPT, DATA, QUIT."""

    server: Sink

    def handle(self) -> None:
        envelope: list[str] = []
        self.say("greeting", "220 sink")
        while line := self.rfile.readline().decode("utf-8", "replace").strip():
            word = line.split()[0].upper()
            envelope = [*envelope, line] if word in ("MAIL", "RCPT") else envelope
            if not self.say(word, {"DATA": "354 go on", "QUIT": "221 bye"}.get(word, "250 yes")) or word == "QUIT":
                return
            if word == "DATA" and "DATA" not in self.server.answers:
                self.keep(envelope)
                envelope = []

    def keep(self, envelope: list[str]) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if "text" not in self.server.answers:
            parser = BytesParser(EmailMessage, policy=email.policy.default)
            self.server.letters.append(parser.parsebytes(b"".join(lines)))
            self.server.envelopes.append(envelope)
            self.server.taken()
        self.say("text", "250 kept")

    def say(self, word: str, usual: str) -> bool:
        """Whether the connection goes on."""
        answer = self.server.answers.get(word, usual)
        self.wfile.write(f"{answer}\r\n".encode())
        return not answer.startswith(GOODBYE)


@contextmanager
def listening() -> Iterator[Sink]:
    """A sink that answers while the block lasts."""
    with Sink() as sink:
        thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield sink
        finally:
            sink.shutdown()
            thread.join()
