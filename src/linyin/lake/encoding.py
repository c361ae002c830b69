"""Which encoding a text file has: UTF-8, GB18030, or a finding, never a guess."""

from __future__ import annotations

import codecs

from linyin.lake.findings import BadInput, Finding, Where

__all__ = ["to_utf8"]

_CHUNK = 1 << 20
_SAMPLE = 1 << 16
_GB2312_SHARE = 0.8


def to_utf8(data: bytes, file: str) -> bytes:
    """Return `data` as UTF-8 without a byte order mark.

    UTF-8 is taken as it is. What is not valid UTF-8 is read as GB18030 (a superset of GBK and
    GB2312) if it is valid and its Chinese is plain (80 % of the characters beyond ASCII are in
    GB2312: other encodings read as GB18030 give rare characters). The few GBK texts whose every
    Chinese character is also valid UTF-8 (such as `联通` and nothing else) are taken as UTF-8.

    Raises
    ------
    BadInput
        `text-utf16`, `text-nul` or `text-encoding`, each naming the row.

    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BadInput([Finding("text-utf16", "error", Where(file))])
    if (nul := data.find(0)) >= 0:
        sample = data[:_SAMPLE]
        code = "text-utf16" if sample.count(0) * 3 > len(sample) else "text-nul"
        raise BadInput([Finding(code, "error", Where(file, row=_row(data, nul)))])
    body = data.removeprefix(codecs.BOM_UTF8)
    broken = _first_error(body, "utf-8")
    if broken is None:
        return body
    if not _mostly_utf8(body, broken):
        text = _decode(body, "gb18030")
        if text is not None and _plain_chinese(text):
            return text.encode()
    found = " ".join(f"{byte:02X}" for byte in body[broken : broken + 4])
    raise BadInput(
        [Finding("text-encoding", "error", Where(file, row=_row(body, broken)), {"bytes": found})]
    )


def _row(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


def _first_error(data: bytes, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(data), _CHUNK):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(data[start : start + _CHUNK], final=start + _CHUNK >= len(data))
        except UnicodeDecodeError as error:
            return start - pending + error.start
    return None


def _mostly_utf8(data: bytes, broken: int) -> bool:
    """Say whether the text around the first error holds more UTF-8 than errors.

    Only characters of three bytes count: GBK has many by accident of two, hardly one of three.
    """
    text = data[max(0, broken - _SAMPLE) : broken + _SAMPLE].decode("utf-8", errors="replace")
    errors = text.count("\ufffd")
    return sum(c >= "\u0800" for c in text) - errors > errors


def _decode(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _plain_chinese(text: str) -> bool:
    beyond = "".join(c for c in text[: 4 * _SAMPLE] if c > "\x7f")
    plain = len(beyond.encode("gb2312", errors="ignore")) // 2
    return plain >= _GB2312_SHARE * len(beyond)
