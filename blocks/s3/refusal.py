"""What S3 answers, in our words. The server's own text is never quoted: it can hold keys, tokens and addresses."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConfigNotFound,
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
)
from botocore.exceptions import ConnectionError as NotConnected

from breach.errors import BadInput, StoreBusy

KEPT = "What was written before is kept."
AGAIN = "Run the case again; it continues where it stopped."
NOT_THERE = {"NoSuchBucket"}
NOT_ALLOWED = {
    "AccessDenied",
    "AllAccessDisabled",
    "AccountProblem",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
}
RUN_OUT = {"ExpiredToken", "ExpiredTokenException", "InvalidToken", "RequestExpired", "TokenRefreshRequired"}
CLOCK = {"RequestTimeTooSkewed"}
BUSY = {"SlowDown", "RequestTimeout", "Throttling", "ThrottlingException", "ConditionalRequestConflict"}
NO_KEYS = (
    NoCredentialsError,
    PartialCredentialsError,
    CredentialRetrievalError,
    ProfileNotFound,
    ConfigNotFound,
    SSOError,
)

NO_ANSWER = (HTTPClientError, NotConnected)
"""After one of these nobody knows whether the request was carried out."""


@contextmanager
def in_our_words(what: str) -> Iterator[None]:
    """Run requests about `what`, a key of the case or the store; raises BadInput or StoreBusy for botocore's errors."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise refusal(error, what) from None


def refusal(error: BotoCoreError | ClientError, what: str) -> BadInput | StoreBusy:
    """The three sentences for an answer of S3, or for none."""
    if isinstance(error, ClientError):
        return _answered(error, what)
    if isinstance(error, NO_KEYS):
        return BadInput(
            "The worker has no usable credentials for the case store.",
            KEPT,
            f"Complete the AWS credentials block, or the profile or role it names. {AGAIN}",
        )
    if isinstance(error, ParamValidationError):
        return BadInput(f"S3 cannot take {what} as it is named.", KEPT, "Check the bucket and the prefix of the block.")
    if isinstance(error, NO_ANSWER):
        return StoreBusy(f"S3 could not be reached, or fell silent, at {what} ({type(error).__name__}).", KEPT, AGAIN)
    return StoreBusy(f"The connection to S3 failed at {what} ({type(error).__name__}).", KEPT, AGAIN)


def code_of(error: ClientError) -> str:
    """S3's short name of what went wrong; empty when it has not the shape of one, for it is quoted."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    return code if re.fullmatch(r"[A-Za-z.]{1,60}", code) else ""


def status_of(error: ClientError) -> int:
    """The HTTP status of the answer; 0 when there is none."""
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _answered(error: ClientError, what: str) -> BadInput | StoreBusy:
    code, status = code_of(error), status_of(error)
    if code in NOT_THERE:
        return BadInput("The bucket of the case store is not there.", KEPT, "Create it, or correct its name. " + AGAIN)
    if code in RUN_OUT:
        return BadInput("The credentials for the case store have run out.", KEPT, f"Renew them. {AGAIN}")
    if code in CLOCK:
        return BadInput("This machine's clock is too far from that of S3.", KEPT, f"Set the clock. {AGAIN}")
    if code in NOT_ALLOWED or (status == 403 and not code):
        return BadInput(
            f"S3 does not allow the worker to use {what} ({code or status}).",
            KEPT,
            "Allow it s3:GetObject, s3:PutObject, s3:ListBucket and s3:ListBucketVersions, and, where objects are "
            f"locked or under a KMS key, s3:PutObjectRetention and the use of the key. {AGAIN}",
        )
    if code in BUSY or status >= 500:
        return StoreBusy(f"S3 is busy or has a fault at {what} ({code or status}).", KEPT, AGAIN)
    return BadInput(
        f"S3 refused {what} ({code or status}).", KEPT, "Check the settings of the case store with the bucket's own."
    )
