"""Reading and writing the tables of a case that sending needs, checked against the digests that were approved."""

import io

import pyarrow as pa
import pyarrow.parquet as pq

from breach.digest import digest_bytes
from breach.errors import Conflict, Tampered
from breach.ledger import ChunkRow
from breach.mail import Addressee
from breach.parquet import read_parquet
from breach.store import CaseStore
from schemas.receipt import Receipt

CHUNK = pa.schema(
    [
        ("token", pa.string()),
        ("address", pa.string()),
        ("name", pa.string()),
        ("variant", pa.string()),
        ("tags", pa.list_(pa.string())),
        ("values", pa.list_(pa.string())),
        ("members", pa.int64()),
    ]
)
"""Columns of waves/<rev>/chunks/NNNNN.parquet."""


def read_table(store: CaseStore, key: str, digest: str = "") -> pa.Table:
    """A table of the case. Raises Conflict when it is missing, Tampered when its bytes are not the ones named."""
    held = store.get(key)
    if held is None:
        raise Conflict(f"{key} is missing from the case.", "Nothing was sent.", "Run the chapter that writes it.")
    if digest and digest_bytes(held.data) != digest:
        raise Tampered(f"{key} is not what was approved.", "Nothing of it was sent.", "Find out who changed it.")
    return read_parquet(held.data)


def table_bytes(table: pa.Table) -> bytes:
    """A table as Parquet: same rows, same bytes."""
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def texts(table: pa.Table, column: str) -> list[str]:
    """A column of text. Raises Conflict where a value is missing: an unknown address is not an empty one."""
    values: list[str] = [value for value in table.column(column).to_pylist() if isinstance(value, str)]
    if len(values) != table.num_rows:
        raise Conflict(
            f"{table.num_rows - len(values)} rows have no {column}.", "Nothing was planned.", "Build the list again."
        )
    return values


def folder_of(receipt: Receipt) -> str:
    """The folder that a receipt's main object lies in."""
    return receipt.key.rpartition("/")[0]


def read_addressees(store: CaseStore, chunk: ChunkRow) -> list[Addressee]:
    """The people of a chunk, from exactly the bytes that were approved. Raises Tampered when they are others."""
    rows = read_table(store, chunk.key, chunk.digest).to_pylist()
    return [
        Addressee(row["token"], row["address"], row["name"], dict(zip(row["tags"], row["values"], strict=True)))
        for row in rows
    ]
