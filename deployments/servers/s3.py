"""SeaweedFS as the S3 of this machine: one process on loopback, at free ports, its data in one folder.

Tried with version 4.48, with the calls that the case store makes. It honours: `If-None-Match: *` and `If-Match`
(412 for everybody but one), versions, Object Lock in COMPLIANCE mode (a locked version cannot be deleted), user
metadata, the AES256 header (it encrypts), SHA-256 checksums (a wrong one is refused), keys and signatures.

It lacks: the public access block (501 NotImplemented), and KMS keys (`aws:kms` answers 500 InternalError). Where S3
answers 404 to an `If-Match` on a key that is not there, it answers 412. The name of a bucket has three characters
or more. Two processes cannot use one folder at a time.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

HOST = "127.0.0.1"
REGION = "us-east-1"
STARTING_SECONDS = 30
"""It answers after about one; a machine that is busy with other tests takes longer."""
STOPPING_SECONDS = 15
STARTS = 3
"""A port that was free a moment ago can be taken by another program before the server takes it."""
ADMIN_STEP = 10_000
"""Its worker looks for the admin's gRPC port exactly so far above the admin's port, whatever else is said."""
SERVICES = ("s3", "master", "volume", "filer")


@dataclass(frozen=True, slots=True)
class S3Address:
    """Where the server is, and who may do everything there."""

    endpoint: str
    access_key: str
    secret: str = field(repr=False)
    region: str = REGION

    def client(self) -> "S3Client":
        """A client of the whole server's, to make buckets with."""
        return boto3.Session().client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret,
            region_name=self.region,
            config=Config(s3={"addressing_style": "path"}, retries={"mode": "standard"}, connect_timeout=5),
        )

    def make_bucket(self, name: str, *, lock: bool = False) -> None:
        """Make a versioned bucket; with lock, objects in it may be locked. One that is there is left as it is."""
        client = self.client()
        try:
            client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=lock)
        except ClientError as error:
            if error.response["Error"]["Code"] not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
                raise
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


@contextmanager
def running_s3(folder: Path) -> Iterator[S3Address]:
    """A server that keeps its data in this folder, until the block ends. The next start finds what the last one kept.

    Its keys are made anew at each start. Raises RuntimeError, naming the log, when it does not start.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for _ in range(STARTS):
        ports = _free_ports()
        address = S3Address(
            f"http://{HOST}:{ports['s3.port']}", secrets.token_hex(10).upper(), secrets.token_urlsafe(30)
        )
        with _process(folder, ports, address) as process:
            if _answers(process, address):
                yield address
                return
    raise RuntimeError(f"SeaweedFS did not start. Read the end of {_log(folder)}.")


@contextmanager
def _process(folder: Path, ports: dict[str, int], address: S3Address) -> Iterator[subprocess.Popen[bytes]]:
    (folder / "data").mkdir(mode=0o700, exist_ok=True)
    keys = {"AWS_ACCESS_KEY_ID": address.access_key, "AWS_SECRET_ACCESS_KEY": address.secret}
    with _log(folder).open("ab") as log:
        process = subprocess.Popen(
            [_program(), "mini", *_options(folder / "data", ports)],
            cwd=folder,
            env={**os.environ, **keys},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            _stop(process)
            for port in ports.values():  # it leaves its own sockets behind
                for left in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):  # noqa: S108  (its own choice of place)
                    left.unlink(missing_ok=True)


def _program() -> str:
    """The one of this environment before any other on the machine."""
    found = shutil.which("weed", path=str(Path(sys.executable).parent)) or shutil.which("weed")
    if found is None:
        raise RuntimeError("There is no SeaweedFS here. Install the extra 'servers' of this project.")
    return found


def _options(data: Path, ports: dict[str, int]) -> list[str]:
    """Loopback only, nothing besides S3, no report to anybody, and no bucket that nobody asked for."""
    switched_off = ("webdav", "admin.ui", "master.telemetry", "s3.autoCreateBucket")
    return [
        f"-dir={data}",
        f"-ip={HOST}",
        f"-ip.bind={HOST}",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        *(f"-{name}=false" for name in switched_off),
        *(f"-{name}={port}" for name, port in ports.items()),
    ]


def _free_ports() -> dict[str, int]:
    """A port of its own for everything that listens; all are held until the last is found."""
    with ExitStack() as held:
        names = [name for service in SERVICES for name in (f"{service}.port", f"{service}.port.grpc")]
        ports = {name: held.enter_context(_bound(0)).getsockname()[1] for name in names}
        for _ in range(100):
            grpc = held.enter_context(_bound(0)).getsockname()[1]
            try:
                held.enter_context(_bound(grpc - ADMIN_STEP))
            except OSError:
                continue
            return {**ports, "admin.port": grpc - ADMIN_STEP, "admin.port.grpc": grpc}
    raise RuntimeError("No two free ports lie as far apart as SeaweedFS wants them.")


def _bound(port: int) -> socket.socket:
    bound = socket.socket()
    try:
        bound.bind((HOST, port))
    except OSError:
        bound.close()
        raise
    return bound


def _answers(process: subprocess.Popen[bytes], address: S3Address) -> bool:
    until = time.monotonic() + STARTING_SECONDS
    client = address.client()
    while process.poll() is None and time.monotonic() < until:
        try:
            client.list_buckets()
        except (BotoCoreError, ClientError):
            time.sleep(0.1)
        else:
            return True
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOPPING_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


def _log(folder: Path) -> Path:
    return folder / "seaweedfs.log"
