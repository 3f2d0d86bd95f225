"""A real S3 on loopback for the tests of this room, a proxy that loses its answers, and cases kept in it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import urlsplit

import pytest
from prefect_aws import AwsCredentials
from prefect_aws.client_parameters import AwsClientParameters

from blocks import S3CaseStore
from deployments.servers.s3 import S3Address, running_s3

NUMBERS = count(1)


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Address]:
    with running_s3(tmp_path_factory.mktemp("seaweedfs")) as address:
        address.make_bucket("plain-cases")
        address.make_bucket("locked-cases", lock=True)
        yield address


@pytest.fixture
def credentials(s3: S3Address) -> Callable[..., AwsCredentials]:
    """Credentials for the server, or for something that stands before it, or with another secret."""

    def made(endpoint: str = s3.endpoint, key: str = s3.access_key, secret: str = s3.secret) -> AwsCredentials:
        return AwsCredentials(
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            region_name=s3.region,
            aws_client_parameters=AwsClientParameters(endpoint_url=endpoint),
        )

    return made


@pytest.fixture
def bucket_store(credentials: Callable[..., AwsCredentials]) -> Callable[..., S3CaseStore]:
    """A case store of its own prefix in the server's bucket; `endpoint` and the block's fields may be given."""
    prefix = f"test-{next(NUMBERS)}/cases"

    def made(endpoint: str = "", **fields: object) -> S3CaseStore:
        known = credentials(endpoint) if endpoint else credentials()
        return S3CaseStore(**{"credentials": known, "bucket": "plain-cases", "prefix": prefix, **fields})

    return made


class LossyProxy(ThreadingHTTPServer):
    """Forwards every request; of the next `lose` PUTs it drops the answer that the server has already given."""

    daemon_threads = True

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), _Forward)
        self.upstream = urlsplit(upstream).netloc
        self.lose = 0
        self.lost: list[int] = []
        self.then: Callable[[], object] = lambda: None
        self.answer_instead: tuple[int, str] | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Forward(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LossyProxy

    def _forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        proxy = self.server
        if proxy.answer_instead:
            status, code = proxy.answer_instead
            self._answer(status, [], f"<Error><Code>{code}</Code><Message>zq9message</Message></Error>".encode())
            return
        upstream = HTTPConnection(proxy.upstream, timeout=30)
        passed = {name: value for name, value in self.headers.items() if name.lower() != "expect"}
        upstream.request(self.command, self.path, body, passed)  # with the Host it was signed for
        answer = upstream.getresponse()
        data = answer.read()
        if self.command == "PUT" and proxy.lose:
            proxy.lose -= 1
            proxy.lost.append(answer.status)
            proxy.then()
            self.close_connection = True
            return
        self._answer(answer.status, answer.getheaders(), data)

    def _answer(self, status: int, headers: list[tuple[str, str]], data: bytes) -> None:
        self.send_response_only(status)
        named = {name.lower() for name, _ in headers}
        for name, value in headers:
            if name.lower() not in {"transfer-encoding", "connection"}:
                self.send_header(name, value)
        if "content-length" not in named:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = _forward  # noqa: N815  (the names the handler looks for)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def lossy(s3: S3Address) -> Iterator[LossyProxy]:
    with served(LossyProxy(s3.endpoint)) as proxy:
        yield proxy


@contextmanager
def served(proxy: LossyProxy) -> Iterator[LossyProxy]:
    thread = threading.Thread(target=proxy.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried again is tried again at once; botocore otherwise waits up to some seconds."""
    real = time.sleep
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda seconds: real(min(seconds, 0.01)))
