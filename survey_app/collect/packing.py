"""A page with one gap, compressed once and filled in for each phone.

Deflate lets a stream be built from blocks: the page up to the gap is compressed when
it is first needed and ends on a byte; what differs from phone to phone follows as a
block that is merely copied. That costs microseconds instead of a millisecond.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from gzip import decompress
from typing import Self

_GZIP_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"
_LONGEST_BLOCK = 0xFFFF


@dataclass(frozen=True, slots=True)
class PackedPage:
    """``before`` is compressed, ``after`` short and plain; the gap lies between."""

    before: bytes
    checksum: int
    size: int
    after: bytes

    @classmethod
    def of(cls, before: str, after: str) -> Self:
        plain = before.encode("utf-8")
        deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = deflate.compress(plain) + deflate.flush(zlib.Z_FULL_FLUSH)
        return cls(
            _GZIP_HEADER + packed, zlib.crc32(plain), len(plain), after.encode("utf-8")
        )

    def filled(self, text: str) -> bytes:
        """The whole page, gzipped, with a text in the gap.

        Raises
        ------
        ValueError
            If text and remainder are too long for one copied block.
        """
        rest = text.encode("utf-8") + self.after
        length = len(rest)
        if length > _LONGEST_BLOCK:
            raise ValueError(f"{length} bytes after the gap, {_LONGEST_BLOCK} fit")
        last_and_copied = b"\x01"
        return b"".join(
            (
                self.before,
                last_and_copied,
                length.to_bytes(2, "little"),
                (length ^ _LONGEST_BLOCK).to_bytes(2, "little"),
                rest,
                zlib.crc32(rest, self.checksum).to_bytes(4, "little"),
                (self.size + length & 0xFFFFFFFF).to_bytes(4, "little"),
            )
        )

    def filled_plain(self, text: str) -> bytes:
        """The same page for a program that does not read gzip."""
        return decompress(self.filled(text))
