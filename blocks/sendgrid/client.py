"""SendGrid's official SDK, tamed: the only file that imports it.

As it comes (sendgrid 6.12.5, python-http-client 3.3.7, read), it logs the key and every address at DEBUG, waits
forever, follows redirects with the key in hand, takes a key from the environment when it is given none, shares one
dictionary of headers between threads, and raises errors that hold what was sent. Here each request has a client of
its own, and whatever fails is told apart by one question: had the request left?
"""

import logging
import ssl
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.error import URLError
from urllib.request import HTTPErrorProcessor, HTTPHandler, HTTPSHandler, OpenerDirector, Request, build_opener

from msgspec import to_builtins
from python_http_client.client import Client, Response
from sendgrid.sendgrid import SendGridAPIClient

from blocks.sendgrid.answer import Answer, NoAnswer, NotSent, Region, TooLarge
from blocks.sendgrid.request import MailSend

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 30.0
"""Per address tried; then for sending the request, and for each wait while the answer comes."""
SIZE_LIMIT = 30_000_000
"""Bytes of one request."""
ANSWER_LIMIT = 65_536
"""Bytes read of an answer; its status alone decides."""


class SendGridClient:
    """Posts requests. May be shared by threads."""

    def __init__(self, key: str, region: Region, *, host: str = "", seconds: float = ANSWER_SECONDS) -> None:
        """Key: printable ASCII, not empty. Host: another server than the region's; the tests have one."""
        self._key, self._region, self._host, self._seconds = key, region, host, seconds
        self._opener = _opener()

    def __repr__(self) -> str:
        """Where it sends to; never the key."""
        return f"SendGridClient({self._region})"

    def post(self, request: MailSend) -> Answer:
        """Send once, never again. Raises NotSent, TooLarge or NoAnswer, without cause and context: those quote."""
        return self._once(lambda: self._wire().mail.send.post(request_body=to_builtins(request)))

    def scopes(self) -> Answer:
        """What the key may do: GET /v3/scopes. Raises as `post` does."""
        return self._once(lambda: self._wire().scopes.get())  # noqa: PLW0108  (made inside, where failures are named)

    def _once(self, ask: Callable[[], Response]) -> Answer:
        failed: NotSent | NoAnswer
        try:
            answered = ask()
            headers = {name.lower(): value for name, value in answered.headers.items()}
            return Answer(answered.status_code, headers, answered.body)
        except TooLarge as error:
            failed = TooLarge(str(error))
        except URLError as error:
            reason = error.reason
            reached = not isinstance(reason, _NotReached)
            failed = NoAnswer(type(reason).__name__) if reached else NotSent(str(reason))
        except Exception as error:
            failed = NoAnswer(type(error).__name__)
        raise failed

    def _wire(self) -> "_Wire":
        """A client of its own for each request: the SDK's clients share and change their headers."""
        _silence()
        sdk = SendGridAPIClient(self._key, **({"host": self._host} if self._host else {}))
        if not self._host:
            sdk.set_sendgrid_data_residency(self._region)
        made = sdk.client
        return _Wire(self._opener, made.host, made.request_headers, version=3, timeout=self._seconds)


class _Wire(Client):  # type: ignore[misc]  # the SDK has no types
    """The SDK's client with an opener of ours; it makes its requests' addresses, headers and bodies as ever."""

    def __init__(
        self,
        opener: OpenerDirector,
        host: str,
        request_headers: dict[str, str],
        *,
        version: int,
        url_path: list[str] | None = None,
        timeout: float,
    ) -> None:
        super().__init__(host, request_headers, version, url_path, timeout=timeout)
        self._own_opener = opener

    def _build_client(self, name: str | None = None) -> "_Wire":
        path = [*self._url_path, name] if name else self._url_path
        return _Wire(
            self._own_opener,
            self.host,
            self.request_headers,
            version=self._version,
            url_path=path,
            timeout=self.timeout,
        )

    def _make_request(self, opener: OpenerDirector, request: Request, timeout: float | None = None) -> "_Read":  # noqa: ARG002
        """The SDK's place for putting another transport in."""
        size = len(request.data) if isinstance(request.data, bytes) else 0
        if size > SIZE_LIMIT:
            raise TooLarge(f"{size} bytes")
        return _Read(self._own_opener.open(request, timeout=self.timeout))


class _Read:
    """An answer as the SDK reads it. A status that came counts, also when the rest of the answer is lost."""

    def __init__(self, response: HTTPResponse) -> None:
        self._response = response

    def getcode(self) -> int:
        return self._response.status

    def info(self) -> object:
        return self._response.headers

    def read(self) -> bytes:
        try:
            return self._response.read(ANSWER_LIMIT)
        except (OSError, HTTPException):
            return b""
        finally:
            self._response.close()


class _NotReached(OSError):
    """No connection came about."""


class _PlainConnection(HTTPConnection):
    """Tells a failure before the first byte from one after it: urllib says URLError for both."""

    def connect(self) -> None:
        """Connect within CONNECT_SECONDS, a proxy's tunnel and the handshake included."""
        seconds, self.timeout = self.timeout, CONNECT_SECONDS
        try:
            super().connect()
        except (OSError, HTTPException) as error:
            kind = type(error).__name__
        else:
            self.timeout = seconds
            self.sock.settimeout(seconds)
            return
        raise _NotReached(kind)


class _SecureConnection(_PlainConnection, HTTPSConnection):
    """The same over TLS."""


class _Plain(HTTPHandler):
    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_PlainConnection, req)


class _Secure(HTTPSHandler):
    """One TLS context for all requests: making it reads every root certificate."""

    def __init__(self) -> None:
        super().__init__(debuglevel=0)
        self._tls = ssl.create_default_context()

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_SecureConnection, req, context=self._tls)


class _AsItIs(HTTPErrorProcessor):
    """Every status is an answer: nothing is raised, and no redirect is followed with the key in hand."""

    def http_response(self, request: Request, response: HTTPResponse) -> HTTPResponse:  # noqa: ARG002
        return response

    https_response = http_response


def _opener() -> OpenerDirector:
    """Debug level 0 said aloud: from Python 3.12 on a global one would print requests to the terminal."""
    return build_opener(_Plain(debuglevel=0), _Secure(), _AsItIs())


class _Silent(logging.Filter):
    """Lets no record through."""

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002
        return False


_SILENT = _Silent()


def _silence() -> None:
    """Shut the logger that prints keys and bodies. A filter stays when levels or the whole configuration change."""
    logger = logging.getLogger("python_http_client.client")
    logger.setLevel(logging.CRITICAL)
    logger.addFilter(_SILENT)


_silence()
