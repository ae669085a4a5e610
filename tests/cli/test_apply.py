"""``gelu-fast apply``: the bytes that np.save would write, or a message and no file."""

import os
import random
import re
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import gelu_fast
from gelu_fast import __main__
from gelu_fast._cli import apply as apply_module

SHAPES = [(), (0,), (3, 0, 2), (1,), (5,), (7, 6), (2, 3, 4), (1000,)]
DTYPES = ["f2", "f4", "f8", ">f2", ">f4", ">f8", "?", "i1", "u1", "i2", ">i2", "i4", "u8"]
MEBIBYTE = 1 << 20


@pytest.fixture
def paths(tmp_path):
    return tmp_path / "in.npy", tmp_path / "out.npy"


def apply(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["gelu-fast", "apply", *map(str, arguments)])
    return __main__.main()


def start(*arguments, **options):
    command = [sys.executable, "-m", "gelu_fast", "apply", *map(str, arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )


def numbers(rng, shape, dtype):
    return np.asarray(rng.normal(0, 5, shape)).astype(dtype)


def sparse(path, count, dtype=np.float32):
    """Write an array of zeros as a sparse file."""
    with open(path, "wb") as file:
        header = {"descr": np.dtype(dtype).str, "fortran_order": False, "shape": (count,)}
        np.lib.format.write_array_header_1_0(file, header)
        file.truncate(file.tell() + count * np.dtype(dtype).itemsize)


def check(paths, function, x):
    """Compare with np.save, byte for byte, and check that no other file is left."""
    source, target = paths
    expected = target.with_suffix(".expected")
    with open(expected, "wb") as file:
        np.save(file, function(x))
    assert target.read_bytes() == expected.read_bytes()
    assert {path.name for path in target.parent.iterdir()} == {
        source.name, target.name, expected.name,
    }  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("dtype", DTYPES)
def test_what_numpy_would_save(monkeypatch, paths, rng, dtype, shape):
    monkeypatch.setattr(apply_module, "_BLOCK_BYTES", 100)
    x = numbers(rng, shape, dtype)
    np.save(paths[0], x)
    assert apply(monkeypatch, *paths, "--threads", 3) == 0
    check(paths, gelu_fast.gelu, x)


@pytest.mark.parametrize("shape", [(7, 6), (2, 3, 4)], ids=str)
def test_fortran_order(monkeypatch, paths, rng, shape):
    x = np.asfortranarray(numbers(rng, shape, "f4"))
    np.save(paths[0], x)
    assert apply(monkeypatch, *paths) == 0
    check(paths, gelu_fast.gelu, x)
    assert np.load(paths[1]).flags.f_contiguous


@pytest.mark.parametrize("order", range(3))
@pytest.mark.parametrize("form", ["exact", "tanh", "quick"])
def test_functions(monkeypatch, paths, rng, form, order):
    x = numbers(rng, 3 * MEBIBYTE // 4 + 1, "f4")  # several blocks of the usual size
    np.save(paths[0], x)
    assert apply(monkeypatch, *paths, "--form", form, "--derivative", order) == 0
    name = {"exact": "gelu", "tanh": "gelu_tanh", "quick": "gelu_quick"}[form]
    check(paths, getattr(gelu_fast, name + ["", "_grad", "_grad2"][order]), x)


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)], ids=str)
def test_versions_of_the_format(monkeypatch, paths, rng, version):
    x = numbers(rng, (4, 5), "f8")
    with open(paths[0], "wb") as file:
        np.lib.format.write_array(file, x, version=version)
        file.write(b"another array, perhaps: np.load does not read it either")
    assert apply(monkeypatch, *paths) == 0
    check(paths, gelu_fast.gelu, x)


def test_bfloat16(monkeypatch, capsys, paths, rng):
    ml_dtypes = pytest.importorskip("ml_dtypes")
    x = numbers(rng, (100,), ml_dtypes.bfloat16)
    np.save(paths[0], x)
    assert apply(monkeypatch, *paths) == 1
    assert "add --bfloat16" in capsys.readouterr().err
    assert apply(monkeypatch, *paths, "--bfloat16") == 0
    check(paths, gelu_fast.gelu, x)
    np.save(paths[0], np.float32(x))
    assert apply(monkeypatch, *paths, "--bfloat16", "--force") == 1
    assert "not float32" in capsys.readouterr().err


def refused(monkeypatch, capsys, paths, *arguments):
    """Return the message, after checking that there is no new file."""
    before = set(paths[0].parent.iterdir())
    assert apply(monkeypatch, *paths, *arguments) == 1
    assert set(paths[0].parent.iterdir()) == before
    text = capsys.readouterr()
    assert text.out == ""
    (line,) = text.err.splitlines()
    return line.removeprefix("gelu-fast apply: ")


@pytest.mark.parametrize(
    "dtype", ["O", "c8", "S3", "U2", "M8[s]", "m8[s]", "V3", [("a", "f4"), ("b", "i2")]], ids=str
)
def test_dtypes_without_gelu(monkeypatch, capsys, paths, dtype):
    np.save(paths[0], np.zeros(3, dtype), allow_pickle=True)
    message = refused(monkeypatch, capsys, paths)
    assert message.startswith(f"elements of dtype {np.dtype(dtype)} have no GELU: float16")


def test_longdouble(monkeypatch, capsys, paths):
    if np.dtype("g") == np.dtype("d"):
        pytest.skip("a long double is a double here")
    np.save(paths[0], np.zeros(3, "g"))
    assert "have no GELU" in refused(monkeypatch, capsys, paths)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not a .npy file: EOF"),
        (b"\x93NUM", "is not a .npy file: EOF"),
        (b"x,y\n1,2\n3,4\n", "is not a .npy file: the magic string is not correct"),
        (b"\x93NUMPY\x09\x00", "is not a .npy file: we only support format version"),
        (b"\x93NUMPY\x01\x00\x10\x00{'descr': '<f4',", "its header makes no sense"),
    ],
)
def test_not_a_npy_file(monkeypatch, capsys, paths, content, message):
    paths[0].write_bytes(content)
    text = refused(monkeypatch, capsys, paths)
    assert text.startswith(f"{paths[0]} is not a .npy file")
    assert message in text


def file_with_header(text, version=1):
    header = text.encode("latin1") + b"\n"
    length = len(header).to_bytes(2 if version == 1 else 4, "little")
    return b"\x93NUMPY" + bytes([version, 0]) + length + header


SHAPES_OF_NO_ARRAY = [
    "(-1, -1)", "(-1, 0)", "(True, 4)", "(False,)", f"(0, {2**70})", f"({2**70}, 0)",
    f"(0, {2**62}, 4)", f"({2**32}, {2**32})", f"({'1, ' * 70})", f"(0, 0x{'f' * 5000})",
]  # fmt: skip


@pytest.mark.parametrize("text", ["(2L,)}", "(2,)} # \xff"])
def test_what_numpy_refuses_in_version_3_alone(monkeypatch, capsys, paths, text):
    text = "{'descr': '<f4', 'fortran_order': False, 'shape': " + text
    paths[0].write_bytes(file_with_header(text, 3) + bytes(8))
    assert "is not a .npy file" in refused(monkeypatch, capsys, paths)


@pytest.mark.parametrize("shape", SHAPES_OF_NO_ARRAY, ids=lambda shape: shape[:20])
def test_shapes_of_no_array(monkeypatch, capsys, paths, shape):
    header = file_with_header(f"{{'descr': '|b1', 'fortran_order': False, 'shape': {shape}}}")
    paths[0].write_bytes(header + bytes(100))
    with pytest.raises((ValueError, TypeError, OverflowError)):
        np.load(paths[0])
    message = refused(monkeypatch, capsys, paths)
    assert message.startswith(f"{paths[0]}: no array has the shape in its header: ")


def test_a_shape_that_is_too_large_for_the_result(monkeypatch, capsys, paths):
    text = f"{{'descr': '|b1', 'fortran_order': False, 'shape': (0, {2**62})}}"
    paths[0].write_bytes(file_with_header(text))
    assert np.load(paths[0]).shape == (0, 2**62)
    assert "array is too big" in refused(monkeypatch, capsys, paths)


def test_archive(monkeypatch, capsys, paths):
    with open(paths[0], "wb") as file:
        np.savez(file, x=np.zeros(3))
    assert "is an .npz or zip archive" in refused(monkeypatch, capsys, paths)


CHARACTERS = [bytes([k]) for k in b"'(){}[],:<>|fiuVOSM0#TrueL -.\0\xff"]


@pytest.mark.filterwarnings("ignore:Reading `.npy`")  # as Python 2 wrote it, with 2L
def test_broken_headers(paths):
    """A file is refused exactly if np.load refuses it or its dtype has no GELU."""
    choose = random.Random(0)
    taken = 0
    for _ in range(1500):
        with open(paths[0], "w+b") as file:
            version = choose.randint(1, 3), 0
            np.lib.format.write_array(file, np.zeros((2, 3), "f4"), version=version)
            for _ in range(choose.randint(1, 2)):
                file.seek(choose.randrange(100))
                file.write(choose.choice(CHARACTERS))
        try:
            expected = gelu_fast.gelu(np.load(paths[0]))
        except Exception:
            with pytest.raises(ValueError, match=re.escape(str(paths[0])) + "|have no GELU|V2"):
                apply_module.apply(gelu_fast.gelu, *paths, 1)
            assert not paths[1].exists()
        else:
            apply_module.apply(gelu_fast.gelu, *paths, 1)
            np.testing.assert_array_equal(np.load(paths[1]), expected)
            paths[1].unlink()
            taken += 1
    assert taken > 20


@pytest.mark.parametrize(
    "text",
    [
        "{[1]: 2}",
        "{'descr': (), 'fortran_order': False, 'shape': ()}",
        "{'descr': ('<f4',), 'fortran_order': False, 'shape': ()}",
        "-" * 9000,
        "+".join(["1"] * 4000),
    ],
)
def test_headers_that_trouble_the_parser(monkeypatch, capsys, paths, text):
    paths[0].write_bytes(file_with_header(text))
    assert "is not a .npy file" in refused(monkeypatch, capsys, paths)


# Root can write to every file; without this capability it cannot.
ORDINARY = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"]


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")
@pytest.mark.parametrize("mode", [0o000, 0o400, 0o444, 0o600, 0o664])
@pytest.mark.parametrize("umask", [0o022, 0o222, 0o777], ids=oct)
def test_permissions(paths, umask, mode):
    np.save(paths[0], np.ones(3))
    command = [sys.executable, "-m", "gelu_fast", "apply", *map(str, paths)]
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("runs as root, and setpriv, which would restrict it, is missing")
        command = [*ORDINARY, *command]
    subprocess.run(command, umask=umask, check=True)
    assert paths[1].stat().st_mode & 0o777 == 0o666 & ~umask
    paths[1].chmod(mode)
    subprocess.run([*command, "--force", "--form", "tanh"], umask=umask, check=True)
    assert paths[1].stat().st_mode & 0o777 == mode
    paths[1].chmod(0o600)
    assert np.load(paths[1])[0] == gelu_fast.gelu_tanh(1.0)


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")
def test_a_private_output_made_meanwhile_stays_private(paths):
    np.save(paths[0], np.ones(3))

    def progress(count, total):
        paths[1].touch()
        paths[1].chmod(0o600)

    apply_module.apply(gelu_fast.gelu, *paths, 1, progress, force=True)
    assert paths[1].stat().st_mode & 0o777 == 0o600


def test_a_directory_that_lets_nothing_be_removed(monkeypatch, paths):
    np.save(paths[0], np.ones(3))

    def refuse(*arguments):
        raise PermissionError("append only")

    monkeypatch.setattr(os, "unlink", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    monkeypatch.setattr(os, "replace", refuse)
    assert apply(monkeypatch, *paths) == 0
    assert np.load(paths[1])[0] == gelu_fast.gelu(1.0)


@pytest.mark.parametrize("links", [True, False])
def test_an_output_made_meanwhile_stays(monkeypatch, paths, links):
    np.save(paths[0], np.ones(3))

    def progress(count, total):
        paths[1].write_text("mine")

    if not links:
        monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError("no links")))
    with pytest.raises(FileExistsError):
        apply_module.apply(gelu_fast.gelu, *paths, 1, progress)
    assert paths[1].read_text() == "mine"
    assert sorted(paths[0].parent.iterdir()) == sorted(paths)


def test_without_hard_links(monkeypatch, paths):
    np.save(paths[0], np.ones(3))
    monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError("no links")))
    apply_module.apply(gelu_fast.gelu, *paths, 1)
    assert np.load(paths[1])[0] == gelu_fast.gelu(1.0)
    assert sorted(paths[0].parent.iterdir()) == sorted(paths)


@pytest.mark.skipif(os.name != "posix", reason="Windows cannot replace an open file")
def test_a_source_replaced_while_it_is_read(paths):
    other = paths[0].with_name("other.npy")
    for path, value in ((paths[0], 1.0), (other, 2.0)):
        np.save(path, np.full(3, value))
    apply_module.apply(
        gelu_fast.gelu, *paths, 1, lambda count, total: other.exists() and other.replace(paths[0])
    )
    assert np.load(paths[0])[0] == 2
    assert np.load(paths[1])[0] == gelu_fast.gelu(1.0)


@pytest.mark.parametrize("shape", [(), (5,), (5, 1), (2, 3), (0, 3)])
def test_fortran_order_as_numpy_writes_it(paths, shape):
    x = np.arange(np.prod(shape, dtype=int), dtype=float)
    with open(paths[0], "wb") as file:
        np.lib.format.write_array_header_1_0(
            file, {"descr": "<f8", "fortran_order": True, "shape": shape}
        )
        file.write(x.tobytes())
    expected = paths[0].with_name("expected.npy")
    np.save(expected, np.asarray(gelu_fast.gelu(np.load(paths[0]))))
    apply_module.apply(gelu_fast.gelu, *paths, 1)
    assert paths[1].read_bytes() == expected.read_bytes()


def test_truncated(monkeypatch, capsys, paths):
    np.save(paths[0], np.zeros(1000))
    with open(paths[0], "r+b") as file:
        file.truncate(8000)
    message = refused(monkeypatch, capsys, paths)
    assert message == f"{paths[0]} is truncated: it has 8,000 bytes, its header says 8,128"


def test_truncated_while_it_is_read(monkeypatch, paths):
    monkeypatch.setattr(apply_module, "_BLOCK_BYTES", 100)
    np.save(paths[0], np.zeros(1000))
    with pytest.raises(ValueError, match=r"in.npy became shorter while it was read"):
        apply_module.apply(
            gelu_fast.gelu, *paths, 2, lambda count, total: os.truncate(paths[0], 4000)
        )  # fmt: skip
    assert os.listdir(paths[0].parent) == ["in.npy"]


def test_files_that_are_missing(monkeypatch, capsys, paths):
    assert "in.npy: No such file or directory" in refused(monkeypatch, capsys, paths)
    np.save(paths[0], np.zeros(3))
    paths = paths[0], paths[1].parent / "nowhere/out.npy"
    assert "nowhere/out.npy: No such file or directory" in refused(monkeypatch, capsys, paths)
    (paths[0].parent / "file").touch()
    paths = paths[0], paths[0].parent / "file/out.npy"
    assert "file/out.npy: Not a directory" in refused(monkeypatch, capsys, paths)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
def test_not_regular_files(monkeypatch, capsys, paths):
    paths[0].mkdir()
    assert "in.npy is not a regular file" in refused(monkeypatch, capsys, paths)
    paths[0].rmdir()
    np.save(paths[0], np.zeros(3))
    os.mkfifo(paths[1])
    assert "out.npy is not a regular file" in refused(monkeypatch, capsys, paths, "--force")
    assert "out.npy is not a regular file" in refused(monkeypatch, capsys, paths[::-1])


def test_an_output_that_exists(monkeypatch, capsys, paths, rng):
    x = numbers(rng, 10, "f4")
    np.save(paths[0], x)
    paths[1].write_text("precious")
    message = refused(monkeypatch, capsys, paths)
    assert message == f"{paths[1]}: exists; --force replaces it"
    assert paths[1].read_text() == "precious"
    assert apply(monkeypatch, *paths, "--force") == 0
    check(paths, gelu_fast.gelu, x)


def test_an_output_that_somebody_makes_meanwhile(paths):
    np.save(paths[0], np.zeros(3))
    with pytest.raises(FileExistsError):
        apply_module.apply(
            gelu_fast.gelu, *paths, 1, lambda count, total: paths[1].write_text("theirs")
        )
    assert paths[1].read_text() == "theirs"
    assert sorted(os.listdir(paths[0].parent)) == ["in.npy", "out.npy"]


def test_in_place(monkeypatch, capsys, paths, rng):
    x = numbers(rng, MEBIBYTE, "f4")
    np.save(paths[0], x)
    assert "exists" in refused(monkeypatch, capsys, (paths[0], paths[0]))
    assert apply(monkeypatch, paths[0], paths[0], "--force") == 0
    np.testing.assert_array_equal(np.load(paths[0]), gelu_fast.gelu(x))
    assert os.listdir(paths[0].parent) == ["in.npy"]


def test_a_symbolic_link_stays(monkeypatch, paths, rng):
    x = numbers(rng, 10, "f4")
    np.save(paths[0], x)
    aim = paths[0].parent / "elsewhere" / "aim.npy"
    aim.parent.mkdir()
    paths[1].symlink_to(aim)
    assert apply(monkeypatch, *paths) == 0
    assert paths[1].is_symlink()
    np.testing.assert_array_equal(np.load(aim), gelu_fast.gelu(x))


def test_permissions_are_those_of_a_new_file(monkeypatch, paths):
    np.save(paths[0], np.zeros(3))
    assert apply(monkeypatch, *paths) == 0
    assert paths[1].stat().st_mode == paths[0].stat().st_mode


def test_the_system_refuses_to_write(paths):
    resource = pytest.importorskip("resource")
    sparse(paths[0], 2 * MEBIBYTE)

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (3 * MEBIBYTE, 3 * MEBIBYTE))

    process = start(*paths, preexec_fn=limit)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 1
    assert error == f"gelu-fast apply: {paths[0]} to {paths[1]}: File too large\n"
    assert os.listdir(paths[0].parent) == ["in.npy"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals(paths, number, code):
    sparse(paths[0], 512 * MEBIBYTE)
    process = start(*paths)
    deadline = time.monotonic() + 60
    while not list(paths[0].parent.glob(".gelu-fast-*.tmp")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.002)
    process.send_signal(number)
    _, error = process.communicate(timeout=10)  # it ends after a block, not after the file
    assert process.returncode == code, error
    assert error == ""
    assert os.listdir(paths[0].parent) == ["in.npy"]


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="needs wait4")
def test_memory_does_not_grow_with_the_file(paths):
    peaks = []
    for count in (MEBIBYTE, 128 * MEBIBYTE):
        sparse(paths[0], count)
        process = start(*paths, "--force", "--threads", 2)
        _, status, usage = os.wait4(process.pid, 0)
        assert status == 0
        peaks.append(usage.ru_maxrss)
        process.communicate()
    assert peaks[1] < peaks[0] + 20 * 1024  # in KiB; the files have 512 MiB


def test_progress(paths):
    np.save(paths[0], np.zeros(MEBIBYTE))
    calls = []
    apply_module.apply(gelu_fast.gelu, *paths, 3, lambda *counts: calls.append(counts))
    assert sum(count for count, _ in calls) == MEBIBYTE
    assert {total for _, total in calls} == {MEBIBYTE}


def test_a_bar_on_a_terminal_alone(paths):
    pytest.importorskip("tqdm")
    fcntl, pty, termios = map(pytest.importorskip, ("fcntl", "pty", "termios"))
    np.save(paths[0], np.zeros(MEBIBYTE))
    main, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("4H", 25, 80, 0, 0))
    command = [sys.executable, "-m", "gelu_fast", "apply", *map(str, paths)]
    assert subprocess.run(command, stderr=terminal, check=False, timeout=60).returncode == 0
    os.close(terminal)
    assert b"elements" in os.read(main, 10_000)
    os.close(main)
    process = start(*paths, "--force")
    assert process.communicate(timeout=60) == ("", "")


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed(paths, closed):
    np.save(paths[0], np.ones(3))
    program = shlex.join([sys.executable, "-m", "gelu_fast", "apply", *map(str, paths)])
    result = subprocess.run(f"{program} {closed}", shell=True, capture_output=True, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
    assert np.load(paths[1])[0] == gelu_fast.gelu(1.0)


def test_without_tqdm(monkeypatch, paths, rng):
    monkeypatch.setattr(apply_module, "is_installed", lambda module: False)
    x = numbers(rng, 10, "f4")
    np.save(paths[0], x)
    assert apply(monkeypatch, *paths) == 0
    check(paths, gelu_fast.gelu, x)


@pytest.mark.parametrize("count", ["0", "-1", "1025", "many"])
def test_number_of_threads(monkeypatch, capsys, paths, count):
    np.save(paths[0], np.zeros(3))
    with pytest.raises(SystemExit) as raised:
        apply(monkeypatch, *paths, "--threads", count)
    assert raised.value.code == 2
    assert "--threads" in capsys.readouterr().err
    assert not Path(paths[1]).exists()
