"""How the ISA is chosen: automatically, by the environment, or from Python."""

import os
import platform

import pytest

import gelu_fast

ALL = {"avx512", "avx2", "neon", "baseline"}


def test_best_first_and_baseline_last():
    available = gelu_fast.available_isas()
    assert available[-1] == "baseline"
    assert set(available) <= ALL
    features = gelu_fast.show_config("dicts")["cpu_features"]
    assert ("avx2" in available) == ("AVX2" in features)
    assert ("avx512" in available) == ("AVX512F" in features)
    if platform.machine() in ("aarch64", "arm64"):
        assert available[0] == "neon"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="needs an x86-64 CPU")
@pytest.mark.skipif(not os.path.exists("/proc/cpuinfo"), reason="the check reads /proc/cpuinfo")
def test_agrees_with_the_kernel_on_x86():
    with open("/proc/cpuinfo") as file:
        flags = next(line.split() for line in file if line.startswith("flags"))
    assert ("avx2" in gelu_fast.available_isas()) == ({"avx2", "fma", "f16c"} <= set(flags))
    avx512 = {"avx512f", "avx512bw", "avx512dq", "avx512vl"}
    assert ("avx512" in gelu_fast.available_isas()) == (avx512 <= set(flags))


@pytest.mark.parametrize("name", gelu_fast.available_isas())
def test_environment_forces_an_isa(name, run_python):
    result = run_python(
        "import gelu_fast; print(gelu_fast.isa())", env={**os.environ, "GELU_FAST_ISA": name}
    )
    assert result.stdout.strip() == name, result.stderr


@pytest.mark.parametrize("name", ["sse9", "AVX2", *sorted(ALL - set(gelu_fast.available_isas()))])
def test_unavailable_isa_is_an_error_at_import(name, run_python):
    result = run_python("import gelu_fast", env={**os.environ, "GELU_FAST_ISA": name})
    assert result.returncode == 1
    message = result.stderr.splitlines()[-1]
    assert message.startswith("ImportError")
    for part in ("GELU_FAST_ISA", repr(name), *gelu_fast.available_isas()):
        assert part in message


def test_empty_variable_is_no_choice(run_python):
    result = run_python(
        "import gelu_fast; print(gelu_fast.isa())", env={**os.environ, "GELU_FAST_ISA": ""}
    )
    assert result.stdout.strip() == gelu_fast.available_isas()[0]


@pytest.mark.parametrize("name", ["", "sse9", "avx2\0", "\udcff"])
def test_set_isa_refuses_what_is_not_there(name):
    before = gelu_fast.isa()
    with pytest.raises(ValueError, match=r"available: .*baseline"):
        gelu_fast.set_isa(name)
    assert gelu_fast.isa() == before


def test_set_isa_wants_a_name():
    with pytest.raises(TypeError, match="str, not int"):
        gelu_fast.set_isa(2)
