"""On every ISA with hardware fma, the hashes of the results are those in tests/bits.txt."""

import pytest
import stored_bits

import gelu_fast

HARDWARE = [isa for isa in gelu_fast.available_isas() if isa != "baseline"]


@pytest.mark.skipif(not HARDWARE, reason="the baseline promises no bits without hardware fma")
@pytest.mark.parametrize("hardware_isa", HARDWARE)
def test_stored_bits(hardware_isa):
    gelu_fast.set_isa(hardware_isa)
    stored = stored_bits.FILE.read_text().splitlines()
    # After a deliberate change of bits, stored_bits.py rewrites the file.
    assert sorted(stored_bits.lines()) == stored
