"""Keccak-256 as Ethereum uses it: the padding before NIST changed it, so hashlib's SHA3 is another function.

Permutation: the Keccak reference, version 3.0 (2011): 24 rounds over 25 lanes of 64 bits.
"""

RATE = 136
"""Bytes taken in at once, for a digest of 32 bytes."""
LANE = (1 << 64) - 1


def keccak_256(data: bytes) -> bytes:
    """The digest, 32 bytes."""
    padded = bytearray(data) + b"\x01" + b"\x00" * (RATE - len(data) % RATE - 1)
    padded[-1] |= 0x80
    lanes = [[0] * 5 for _ in range(5)]
    for begin in range(0, len(padded), RATE):
        for number in range(RATE // 8):
            word = int.from_bytes(padded[begin + 8 * number : begin + 8 * number + 8], "little")
            lanes[number % 5][number // 5] ^= word
        _permute(lanes)
    return b"".join(lanes[number][0].to_bytes(8, "little") for number in range(4))


def _turned(word: int, by: int) -> int:
    return ((word << (by % 64)) | (word >> (64 - by % 64))) & LANE


def _permute(a: list[list[int]]) -> None:
    register = 1
    for _ in range(24):
        parity = [a[x][0] ^ a[x][1] ^ a[x][2] ^ a[x][3] ^ a[x][4] for x in range(5)]
        for x in range(5):
            mixed = parity[(x + 4) % 5] ^ _turned(parity[(x + 1) % 5], 1)
            for y in range(5):
                a[x][y] ^= mixed
        x, y, carried = 1, 0, a[1][0]
        for step in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            carried, a[x][y] = a[x][y], _turned(carried, (step + 1) * (step + 2) // 2)
        for y in range(5):
            row = [a[x][y] for x in range(5)]
            for x in range(5):
                a[x][y] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5] & LANE)
        for bit in range(7):
            register = ((register << 1) ^ ((register >> 7) * 0x71)) % 256
            if register & 2:
                a[0][0] ^= 1 << ((1 << bit) - 1)
