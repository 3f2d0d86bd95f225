"""The client to S3: explicit waiting times, few attempts, and logs that never hold a body."""

import logging
import os
from functools import lru_cache
from typing import TYPE_CHECKING

from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from prefect_aws.credentials import AwsCredentials

from blocks.s3.refusal import refusal
from breach.errors import BadInput

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

CONNECT_SECONDS = 5
READ_SECONDS = 60
"""Of silence, not of the whole transfer: a large export may take longer."""
ATTEMPTS = 3
TALKATIVE = ("boto3", "botocore", "s3transfer", "urllib3")
"""At DEBUG, botocore logs requests with their signatures and the bodies of answers: neither belongs into a log file."""


def client_for(credentials: AwsCredentials) -> "S3Client":
    """A client, one for each credentials and process. Raises BadInput when none can be made from them.

    The keys of an assumed role run out, so a client that holds them is not kept. A forked process makes its own:
    two processes on one connection would read each other's answers.
    """
    keep_quiet()
    return _made(credentials) if credentials.assume_role_arn else _kept(credentials, os.getpid())


def stranger_for(credentials: AwsCredentials) -> "S3Client":
    """A client to the same place that signs nothing: what anybody could read."""
    keep_quiet()
    return _made(credentials, Config(signature_version=UNSIGNED))


def keep_quiet() -> None:
    """Let these libraries say nothing below WARNING, whatever the root logger wants to hear."""
    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in TALKATIVE]
    for name in {*TALKATIVE, *names}:
        logger = logging.getLogger(name)
        if name in TALKATIVE or logger.level:  # a child without a level of its own follows its parent
            logger.setLevel(max(logger.level, logging.WARNING))


@lru_cache(maxsize=8)
def _kept(credentials: AwsCredentials, process: int) -> "S3Client":  # noqa: ARG001  (part of the cache's key)
    return _made(credentials)


def _made(credentials: AwsCredentials, *further: Config) -> "S3Client":
    given = credentials.aws_client_parameters.get_params_override()
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        # The store checks what it reads against a digest of its own; botocore would call a change a network fault.
        response_checksum_validation="when_required",
        # A server of one's own seldom has a name for each bucket.
        s3={"addressing_style": "path"} if "endpoint_url" in given else None,
    )
    for wished in (given.pop("config", None), *further):
        config = config.merge(wished) if wished else config
    try:
        return credentials.get_boto3_session().client("s3", config=config, **given)
    except (BotoCoreError, ClientError) as error:
        raise refusal(error, "the case store") from None
    except ValueError:
        raise BadInput(
            "The address or the settings of the S3 connection cannot be used.",
            "Nothing was read or written.",
            "Correct the AWS credentials block: the endpoint is a whole address, such as https://s3.example.",
        ) from None
