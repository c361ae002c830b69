"""Whole columns of text at once: what is forbidden in them, what is removed from them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from linyin.lake.characters import FORBIDDEN, ZERO_WIDTH

__all__ = ["forbidden_cells", "without_zero_width_cells"]

type Cells = pa.ChunkedArray
type Bytes = npt.NDArray[np.uint8]

_SPACE, _DELETE = 0x20, 0x7F
_TWO_BYTES = 0xC2
_BIDI_LEAD, _BIDI = 0xE2, {0x80: range(0xAA, 0xAF), 0x81: range(0xA6, 0xAA)}
_ZERO_LEADS = (b"\xe2\x80\x8b", b"\xe2\x81\xa0", b"\xef\xbb\xbf")


def forbidden_cells(cells: Cells) -> npt.NDArray[np.bool_]:
    """Return a mask, shape (n,): the cell holds a control or bidirectional character.

    The bytes are looked through once; a pattern is matched only where they give reason to.
    """
    if not any(_suspect(_bytes(chunk)) for chunk in cells.chunks):
        return np.zeros(len(cells), dtype=bool)
    return np.array(pc.match_substring_regex(cells, FORBIDDEN), dtype=bool)


def without_zero_width_cells(cells: Cells) -> Cells:
    """Return the cells without characters that take no place and mean nothing."""
    held = (_bytes(chunk) for chunk in cells.chunks)
    if not any(_leads(data) for data in held):
        return cells
    return pc.replace_substring_regex(cells, ZERO_WIDTH, "")


def _bytes(chunk: pa.Array) -> Bytes:
    """Return the bytes of the cells of a string array."""
    offsets, data = chunk.buffers()[1:]
    if data is None or not len(chunk):
        return np.empty(0, dtype=np.uint8)
    places = np.frombuffer(offsets, dtype=np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
    return np.frombuffer(data, dtype=np.uint8)[places[0] : places[-1]]


def _suspect(data: Bytes) -> bool:
    """Say whether bytes may hold what is forbidden; line ends are told apart by the pattern."""
    if not len(data):
        return False
    if data.min() < _SPACE or (data == _DELETE).any():
        return True
    if data.max() < _TWO_BYTES:
        return False
    second = data[1:]
    if ((data[:-1] == _TWO_BYTES) & (second < 0xA0)).any():
        return True
    leads = np.flatnonzero(data[:-2] == _BIDI_LEAD)
    return any(
        bool(np.isin(data[leads + 2][second[leads] == middle], np.array(last)).any())
        for middle, last in _BIDI.items()
    )


def _leads(data: Bytes) -> bool:
    if not len(data) or data.max() < _BIDI_LEAD:
        return False
    held = data.tobytes()
    return any(lead in held for lead in _ZERO_LEADS)
