"""Carries a short message to the engineers, through a webhook or a mail server named by one URL."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import httpx
from pydantic import SecretStr

from core.errors import UsageError

PATIENCE_SECONDS = 10.0
EXAMPLES = "https://chat.example.org/hooks/…, smtp://user:password@mail.example.org:587/?from=…&to=…"


class NotDelivered(Exception):
    """The other side could not be reached, or refused. The words name no secret."""


@dataclass(frozen=True, slots=True)
class Message:
    """key: names the event, the same at every try, so that the receiver can tell a repetition."""

    key: str
    kind: str
    subject: str
    body: str


class Messenger(Protocol):
    def send(self, message: Message) -> None:
        """Deliver it now. Raises NotDelivered."""


def messenger(url: SecretStr | None) -> Messenger | None:
    """What the URL names; None without one. Raises UsageError when it names nothing we know."""
    if url is None:
        return None
    parts = urlsplit(url.get_secret_value())
    if parts.scheme in ("http", "https") and parts.hostname:
        return Webhook(url)
    if parts.scheme in ("smtp", "smtps") and parts.hostname:
        asked = parse_qs(parts.query)
        if asked.get("from") and asked.get("to"):
            return Mail(parts, asked["from"][0], ",".join(asked["to"]))
    raise UsageError("CHAIDAEN_NOTIFY_URL cannot be understood.", cure=f"For example {EXAMPLES}")


@dataclass(frozen=True, slots=True)
class Webhook:
    """POSTs JSON: key, kind, subject, body, and `text`, which chat servers show as it is."""

    url: SecretStr

    def send(self, message: Message) -> None:
        content = {
            "key": message.key,
            "kind": message.kind,
            "subject": message.subject,
            "body": message.body,
            "text": f"{message.subject}\n{message.body}",
        }
        try:
            httpx.post(self.url.get_secret_value(), json=content, timeout=PATIENCE_SECONDS).raise_for_status()
        except httpx.HTTPStatusError as error:
            raise NotDelivered(f"the webhook answered {error.response.status_code}") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NotDelivered(f"the webhook cannot be reached: {type(error).__name__}") from None


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail in plain text to everybody in `to`. With smtp:// it is encrypted whenever the server offers that."""

    server: SplitResult
    sender: str
    to: str

    def send(self, message: Message) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, self.to, message.subject
        mail["Message-ID"] = make_msgid(message.kind, domain="chaidaen.invalid")
        mail["X-Chaidaen-Key"] = message.key
        mail.set_content(message.body)
        try:
            with self._connect() as server:
                if self.server.username:
                    server.login(unquote(self.server.username), unquote(self.server.password or ""))
                server.send_message(mail)
        except (smtplib.SMTPException, OSError) as error:
            raise NotDelivered(f"the mail server did not take it: {type(error).__name__}") from None

    def _connect(self) -> smtplib.SMTP:
        host = self.server.hostname or ""
        if self.server.scheme == "smtps":
            safe = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, self.server.port or 465, timeout=PATIENCE_SECONDS, context=safe)
        server = smtplib.SMTP(host, self.server.port or 25, timeout=PATIENCE_SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        return server
