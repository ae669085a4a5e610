"""A hash of each function's results, for each dtype, over a fixed set of inputs.

tests/bits.txt holds the hashes. tests/c/hash_bits.c makes the same inputs and hashes in C, for CPUs
on which no Python runs here. After a deliberate change of bits:

    python tests/stored_bits.py > tests/bits.txt
"""

from pathlib import Path

import ml_dtypes
import numpy as np
import oracle

import gelu_fast
from gelu_fast import _core

FILE = Path(__file__).with_name("bits.txt")

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
SPECIAL_FLOAT32 = [
    *(0x00000000, 0x00000001, 0x007FFFFF, 0x00800000),  # zero, subnormal, normal
    *(0x7F7FFFFF, 0x7F800000, 0x7F800001, 0x7FC00000),  # largest, infinity, NaN
    *(0x7FFFFFFF, 0x3F800000, 0x3F407569, 0x3F40A150),  # one, the roots of the derivatives
]


def mix(values):
    """Return the finalizer of SplitMix64 (Steele, Lea, Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def inputs(dtype):
    """Return x: all 16-bit values, one float32 in 1,024 and specials, or 10^6 float64."""
    if dtype in ("float16", "bfloat16"):
        bits = np.arange(1 << 16, dtype=np.uint16)
        return bits.view(ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype)
    if dtype == "float64":
        random = mix(np.arange(1_000_000, dtype=np.uint64) * GOLDEN)
        x = random.view(np.float64).copy()
        moderate = (random >> np.uint64(11)).astype(np.float64) * (2.0**-53 * 48) - 40
        x[1::2] = moderate[1::2]
        return x
    i = np.arange(1 << 22, dtype=np.uint32)
    low = (i * np.uint32(2654435769)) >> np.uint32(22)
    special = np.array(SPECIAL_FLOAT32, np.uint32)
    return np.concatenate([i << np.uint32(10) | low, special, special | 1 << 31]).view(np.float32)


def digest(array):
    """Return a hash that depends on every bit and its place, but is the same for all NaNs."""
    kind = f"u{array.itemsize}"
    with np.errstate(invalid="ignore"):  # isnan raises it for signaling NaNs
        bits = np.where(np.isnan(array), np.iinfo(kind).max, array.view(kind))
    words = bits.astype(f"<{kind}").view("<u8")
    return int(mix(words ^ (np.arange(1, len(words) + 1, dtype=np.uint64) * GOLDEN)).sum())


def results(function, x):
    """Return the concatenated outputs for inputs that are rotations of x."""
    # No rotation by half: it pairs each 16-bit number with its negative, so that sums vanish.
    parts = 3 if function.signature else function.nin
    shifts = [k * len(x) // parts for k in reversed(range(function.nin))]
    with np.errstate(all="ignore"):
        y = function(*(np.roll(x, shift) for shift in shifts))
    return y if function.nout == 1 else np.concatenate(y)


def lines():
    """Yield "function dtype hash" for the ISA in use."""
    kinds = (
        "float16",
        "bfloat16",
        "float32",
        "float32_relaxed",
        "float32_correctly_rounded",
        "float64",
    )
    for dtype in kinds:
        tier = dtype.removeprefix("float32_")
        module = getattr(gelu_fast, tier) if tier != dtype else gelu_fast
        x = inputs(dtype)
        for name in oracle.ORACLE:
            if hasattr(module, name):
                yield f"{name} {dtype} {digest(results(getattr(module, name), x)):016x}"
    table = mix(np.arange(1, 33, dtype=np.uint64) * GOLDEN).astype("<u8").view(np.uint8)
    pairs = inputs("float16").astype("<f2").view(np.uint8)
    yield f"look_up uint8 {digest(_core.look_up(table, pairs)):016x}"


if __name__ == "__main__":
    print(*sorted(lines()), sep="\n")
