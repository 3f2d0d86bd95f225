"""Lines of flat JSON objects, all of the same keys, as columns: no dictionary for each of them."""

from collections.abc import Sequence

import msgspec
import pyarrow as pa

from breach.exposure.readers.cells import cell_text
from breach.exposure.readers.csv_blocks import Block
from breach.exposure.readers.json_stream import FAULTS

_Cell = str | int | float | bool | None


class FlatLines:
    """Reads lines whose objects have some of these keys, and no other."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fields = [f"at_{number}" for number in range(len(keys))]
        row = msgspec.defstruct(
            "Row",
            [(field, _Cell, "") for field in self._fields],
            rename=dict(zip(self._fields, keys, strict=True)),
            forbid_unknown_fields=True,
            gc=False,
        )
        self._decoder = msgspec.json.Decoder(row)

    def block(self, piece: bytes) -> Block | None:
        """The columns of whole lines; None when one is anything else, such as nested, cut off, or no JSON."""
        try:
            rows = self._decoder.decode_lines(piece)
        except FAULTS:
            return None
        return [_column([getattr(row, field) for row in rows]) for field in self._fields] if rows else None


def _column(cells: list[_Cell]) -> pa.Array:
    try:
        return pa.array(cells, pa.large_string()).fill_null("")
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([cell_text(cell) for cell in cells], pa.large_string())
