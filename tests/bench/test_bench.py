"""``python -m gelu_fast bench``: its machinery, with a fake peer and tiny sizes."""

import dataclasses
import json
import re
import sys
import time
from importlib import resources

import numpy as np
import pytest

import gelu_fast
from gelu_fast import __main__
from gelu_fast._bench import cases, machine
from gelu_fast._bench import report as bench_report
from gelu_fast._bench.cases import Case, interleave, measure, run
from gelu_fast._bench.errors import worst_errors
from gelu_fast._bench.peers import (
    DTYPES,
    FUNCTIONS,
    FUSED,
    PEERS,
    Peer,
    Prepared,
    Task,
    UnavailableError,
)

pytest.importorskip("scipy", reason="SciPy not installed")

CASE = Case("l2/gelu", "in L2", "gelu", "float32", 1000, 1)
OFFERS = frozenset({("gelu", "float32")})


def relu(task):
    (x,) = task.operands
    return Prepared(lambda: np.maximum(x, 0), lambda: np.where(x == -np.inf, np.nan, x.clip(0)))


def unable(task):
    raise UnavailableError("not on a Tuesday")


FAKE = Peer("fake", "A fake", (), OFFERS, relu)
ABSENT = Peer("absent", "An absent one", ("no_such_package",), OFFERS, relu)
UNABLE = Peer("unable", "An unable one", (), OFFERS, unable)
ELSEWHERE = Peer("elsewhere", "Another function's", (), frozenset({("gelu", "float64")}), relu)


@pytest.fixture(scope="module")
def report():
    peers = [PEERS["gelu_fast"], FAKE, ABSENT, UNABLE, ELSEWHERE]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cases, "_fma_bound", lambda case: None)
        rows, missing = measure(CASE, peers, 0.002)
        for k in (256, 512):
            case = Case(f"sweep/{k}", "sweep", "gelu", "float32", k, 1)
            rows += measure(case, peers, 0.002)[0]
    return {
        "date": "2026-01-01",
        "machine": cases._machine(["gelu_fast", "numpy"]),
        "seconds": 0.002,
        "missing": missing,
        "rows": rows,
    }


def command(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["gelu_fast", "bench", *arguments])
    return __main__.main()


def test_rivals_take_turns():
    order = []

    def call(name):
        time.sleep(3e-4)
        if order[-1:] != [name]:
            order.append(name)

    samples = interleave({name: lambda name=name: call(name) for name in "abc"}, 1e-3)
    assert "".join(order) == "abc" * 11  # one round to time the calls, then ten rounds
    assert all(len(found) >= 10 and min(found) > 3e-4 for found in samples.values())


def test_short_calls_are_repeated():
    count = 0

    def call():
        nonlocal count
        count += 1

    samples = interleave({"short": call}, 1e-3)
    assert count > 100 * len(samples["short"])


def test_rows(report):
    rows = {row["peer"]: row for row in report["rows"] if row["case"] == "l2/gelu"}
    assert list(rows) == ["gelu_fast", "fake", "memcpy"]
    ours, fake = rows["gelu_fast"], rows["fake"]
    assert ours["ratio"] == 1
    assert fake["ratio"] == pytest.approx(fake["nanoseconds"] / ours["nanoseconds"])
    assert fake["gigabytes_per_second"] == pytest.approx(8 / fake["nanoseconds"])
    assert fake["nanoseconds_min"] <= fake["nanoseconds"]
    assert ours["ulp"] < 4
    assert not ours["nan_at_minus_inf"]
    assert fake["nan_at_minus_inf"]
    assert fake["absolute"] == pytest.approx(0.17, abs=0.01)


def test_who_is_missing_is_named(report):
    assert report["missing"] == {
        "An absent one": "no_such_package not installed",
        "An unable one": "not on a Tuesday",
    }
    text = bench_report.text(report)
    assert "An absent one: no_such_package not installed" in text
    assert "Another function's" not in text


def test_table(report):
    text = bench_report.text(report)
    assert "gelu float32, 1,000 elements, in L2, 1 thread" in text
    assert re.search(r"^ +gelu_fast +[\d.]+ +[\d.]+ +1\.00 +[\d.]+ +\d\.\de-\d\d$", text, re.M)
    assert re.search(r"^ +A fake .* lost, NaN at -inf +1\.7e-01$", text, re.M)
    assert re.search(r"^ +memcpy, same bytes +[\d.]+ +[\d.]+ +[\d.]+ +- +-$", text, re.M)
    assert re.search(r"^ +512( +\d+\.\d{3}){3}$", text, re.M)


def test_markdown(report):
    rows = [row for row in report["rows"] if row["group"] == "l2"]
    lines = bench_report.markdown(rows, "function", lambda row: f"`{row['function']}`")
    assert len(lines) == 2 + 3
    # Seven columns; the bars of |x| do not count as borders.
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {8}
    assert sum("| `gelu` |" in line for line in lines) == 1


@pytest.mark.parametrize(
    ("ulp", "dtype", "nan", "expected"),
    [
        (2.345, "float32", False, "2.35"),
        (123456.0, "float32", True, "123,456, NaN at -inf"),
        (2.0**23, "float32", False, "lost"),
        (127.9, "bfloat16", False, "127.90"),
        (128.0, "bfloat16", True, "lost, NaN at -inf"),
        (np.inf, "float64", False, "lost"),
        (None, "float64", False, "-"),
    ],
)
def test_ulp_text(ulp, dtype, nan, expected):
    assert bench_report.ulp_text({"ulp": ulp, "dtype": dtype, "nan_at_minus_inf": nan}) == expected


def test_json_round_trip(report, tmp_path):
    only_rows = {**report, "rows": [row | {"group": "other"} for row in report["rows"]]}
    written = bench_report.save(only_rows, tmp_path / "new")
    assert [path.name for path in written] == ["speed.json"]
    assert json.loads(written[0].read_text()) == only_rows


def test_plots(report, tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib not installed")
    written = bench_report.save(report, tmp_path)
    assert [path.name for path in written] == ["speed.json", "speed.png", "peers.png"]
    for path in written[1:]:
        assert path.read_bytes().startswith(b"\x89PNG")


def test_run_in_processes_of_their_own():
    seen = []
    chosen = [Case(f"x/{n}", "anywhere", "gelu", "float32", 256, n) for n in (1, 2)]
    chosen = chosen[: len(machine.available_cpus())]
    before = machine.available_cpus()
    report = run(chosen, ["gelu_fast", "numpy"], 1e-3, lambda done, case: seen.append((done, case)))
    assert seen == list(enumerate(chosen))
    assert machine.available_cpus() == before
    found = [(row["case"], row["peer"]) for row in report["rows"]]
    peers = ("gelu_fast", "numpy", "memcpy")
    rows = [(case.name, peer) for case in chosen for peer in peers]
    assert [row for row in found if row[1] != "fma"] == rows


def test_fma_bound(monkeypatch, tmp_path):
    counted = {"gelu": {"float32": {"fma": 20, "divide": 2}, "float64": {"fma": 30, "divide": 0}}}
    (tmp_path / "operations.json").write_text(json.dumps(counted))
    monkeypatch.setattr(cases.resources, "files", lambda package: tmp_path)
    monkeypatch.setattr(cases, "fma_throughput", lambda: (40e9, 1.5))
    monkeypatch.setattr(gelu_fast, "isa", lambda: "avx2")
    row = measure(CASE, [FAKE], 1e-3)[0][-1]
    assert row["label"] == "FMA bound"
    assert row["nanoseconds"] == pytest.approx((20 + 2 * 1.5) / 40)
    assert row["ratio"] is None  # nothing of gelu_fast was timed
    float64 = dataclasses.replace(CASE, dtype="float64")
    assert cases._fma_bound(float64) == pytest.approx(30 * 2 / 40e9 * CASE.count)
    monkeypatch.setattr(gelu_fast, "isa", lambda: "baseline")
    assert cases._fma_bound(CASE) is None


def test_every_kernel_is_counted():
    counted = json.loads((resources.files("gelu_fast._bench") / "operations.json").read_text())
    ufuncs = {name for name, value in vars(gelu_fast).items() if isinstance(value, np.ufunc)}
    assert set(counted) == ufuncs
    for name, by_dtype in counted.items():
        tiers = {
            f"float32 {tier}"
            for tier in ("relaxed", "correctly_rounded")
            if name in getattr(gelu_fast, tier).__all__
        }
        assert set(by_dtype) == {*DTYPES} | tiers


def test_fma_throughput_is_plausible():
    throughput, division = cases.fma_throughput()
    assert 1e8 < throughput < 1e12
    assert 0 <= division < 100


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_copy(threads):
    copy = cases._copy(20, threads)
    for _ in range(3):
        copy()


@pytest.mark.parametrize("new", [False, True])
@pytest.mark.parametrize("dtype", [*DTYPES, "int8"])
@pytest.mark.parametrize("function", [*FUNCTIONS, *FUSED])
@pytest.mark.parametrize("name", ["gelu_fast", "unfused", "numpy"])
def test_peers(name, function, dtype, new):
    peer = PEERS[name]
    if (function, dtype) not in peer.offers:
        return
    if dtype == "bfloat16":
        pytest.importorskip("ml_dtypes", reason="ml_dtypes not installed")
    x = cases.operands(function, dtype, 100, 10 if function in FUSED else None)
    prepared = peer.prepare(Task(function, x, new, 1))
    prepared.call()
    tolerances = {"float64": 1e-14, "float32": 2e-6, "float16": 6e-3, "bfloat16": 4e-2, "int8": 0}
    result = np.asarray(prepared.result())
    assert result.dtype == x[0].dtype
    expected = cases.expected(function, x)
    tolerance = tolerances[dtype]
    np.testing.assert_allclose(result.astype(np.float64), expected, tolerance, tolerance)


def test_gradients_stay_switched_on():
    torch = pytest.importorskip("torch", reason="torch not installed")
    x = cases.operands("gelu", "float32", 100, None)
    PEERS["torch"].prepare(Task("gelu", x, True, torch.get_num_threads())).result()
    assert torch.is_grad_enabled()


def test_fused_operands():
    gate, up = cases.operands("geglu", "float32", 24, 8)
    assert gate.shape == up.shape == (3, 8)
    assert gate.strides == (64, 4)
    assert up.ctypes.data == gate.ctypes.data + 32
    assert [a.shape for a in cases.operands("bias_gelu", "float32", 24, 8)] == [(3, 8), (8,)]
    (q,) = cases.operands("gelu", "int8", 10_000)
    assert q.min() < -40
    assert q.max() > 40


@pytest.mark.parametrize(("function", "arrays"), [("bias_gelu", 2 + 1 / 20), ("geglu", 3)])
def test_rows_of_a_fused_function(function, arrays):
    case = Case(f"fused/{function}", "in memory", function, "float32", 2000, 1, columns=100)
    rows, missing = measure(case, [PEERS["gelu_fast"], PEERS["unfused"], FAKE], 1e-3)
    assert not missing
    ours, unfused = rows[:2]
    assert unfused["label"] == "gelu_fast, a call for each step"
    assert "20 x 100, in memory" in bench_report.describe(ours)
    assert ours["gigabytes_per_second"] == pytest.approx(arrays * 4 / ours["nanoseconds"])
    assert ours["ulp"] == unfused["ulp"] < 4


def test_rows_of_two_results_and_of_int8():
    case = Case("fused/two", "in L2", "gelu_value_and_grad", "float32", 1000, 1)
    ours = measure(case, [PEERS["gelu_fast"]], 1e-3)[0][0]
    assert ours["gigabytes_per_second"] == pytest.approx(3 * 4 / ours["nanoseconds"])
    assert ours["ulp"] < 4
    case = Case("fused/int8", "in L2", "gelu", "int8", 1000, 1)
    rows = measure(case, [PEERS["gelu_fast"]], 1e-3)[0]
    assert [row["peer"] for row in rows] == ["gelu_fast", "memcpy"]
    assert rows[0]["ulp"] is None
    assert rows[0]["gigabytes_per_second"] == pytest.approx(2 / rows[0]["nanoseconds"])


def test_errors_of_float64():
    pytest.importorskip("mpmath", reason="mpmath not installed")
    errors = worst_errors(PEERS["gelu_fast"], "gelu", "float64", 1)
    assert 1 < errors.ulp < 4
    assert errors.absolute < 1e-15


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "l2", "nonsense"], "no case or group 'nonsense'; groups: dtypes, fused, l2, "),
        (["--peers", "torch", "nonsense"], "no peer 'nonsense'; there are: gelu_fast, "),
        (["--threads", "0"], "--threads is 1 to "),
        (["--seconds", "0"], "--seconds is more than 0"),
    ],
)
def test_bad_arguments(monkeypatch, capsys, arguments, message):
    with pytest.raises(SystemExit, match="2"):
        command(monkeypatch, *arguments)
    assert message in capsys.readouterr().err


def test_list(monkeypatch, capsys):
    assert command(monkeypatch, "--list", "--only", "l2", "new/32M", "--threads", "1") == 0
    text = capsys.readouterr().out
    assert text.count("in L2") == 5
    assert "33,554,432 elements, result newly allocated, 1 thread" in text
    assert all(re.search(rf"^{name} ", text, re.M) for name in PEERS)


def test_command(monkeypatch, capsys, tmp_path):
    pytest.importorskip("tqdm", reason="tqdm not installed")
    pytest.importorskip("matplotlib", reason="matplotlib not installed")
    arguments = ["--only", "small", "--peers", "numpy", "--seconds", "0.001"]
    assert command(monkeypatch, *arguments, "--save", str(tmp_path)) == 0
    text, error = capsys.readouterr()
    assert error == ""  # a progress bar appears only on a terminal
    assert re.search(r"^ +NumPy, SciPy +\d", text, re.M)
    assert f"written: {tmp_path / 'speed.json'}" in text


@pytest.mark.parametrize("module", ["tqdm", "matplotlib"])
def test_missing_package_names_the_command(monkeypatch, capsys, module):
    for name in ("tqdm", "matplotlib"):
        monkeypatch.setitem(sys.modules, name, type(sys)(name))
    sys.modules["tqdm"].tqdm = None
    monkeypatch.setitem(sys.modules, module, None)
    assert command(monkeypatch, "--save", "nowhere") == 1
    error = capsys.readouterr().err
    assert error.startswith(f'gelu-fast bench: {module} is missing: pip install "gelu_fast[bench')


def test_nothing_is_imported_early(run_python):
    result = run_python(
        "import sys, gelu_fast._bench.cases; print(sorted({'torch', 'onnxruntime', 'jax', 'numba',"
        " 'ai_edge_litert', 'numexpr', 'scipy', 'matplotlib', 'tqdm'} & set(sys.modules)))"
    )
    assert result.stdout == "[]\n", result.stderr


def test_cache_sizes(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "_CPUS", tmp_path)
    assert machine.cache_bytes(2) is None
    caches = [("1", "Data", "48K"), ("1", "Instruction", "32K"), ("2", "Unified", "2M")]
    for k, texts in enumerate(caches):
        directory = tmp_path / f"cpu0/cache/index{k}"
        directory.mkdir(parents=True)
        for name, text in zip(("level", "type", "size"), texts, strict=True):
            (directory / name).write_text(f"{text}\n")
    assert [machine.cache_bytes(level) for level in (1, 2, 3)] == [48 << 10, 2 << 20, None]


def test_a_core_for_each_thread(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "_CPUS", tmp_path)
    monkeypatch.setattr(machine, "available_cpus", lambda: [0, 1, 2, 3])
    assert machine.cpus_for(2) == [3, 2]
    for cpu in range(4):
        directory = tmp_path / f"cpu{cpu}/topology"
        directory.mkdir(parents=True)
        (directory / "thread_siblings_list").write_text("0-1\n" if cpu < 2 else "2-3\n")
    assert machine.cpus_for(1) == [3]
    assert machine.cpus_for(2) == [3, 1]
    assert machine.cpus_for(4) == [3, 1, 2, 0]
