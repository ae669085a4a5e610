"""A web server that forks its workers, before or after it loads the application."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import gelu_fast

if not hasattr(os, "fork"):
    pytest.skip("gunicorn forks", allow_module_level=True)
pytest.importorskip("gunicorn")

WORKERS, REQUESTS = 3, 30
APPLICATION = """
import os
import numpy as np
import gelu_fast

x = np.linspace(-20, 8, 1 << 18, dtype=np.float32)
gelu_fast.gelu(x)

def application(environ, start_response):
    start_response("200 OK", [("X-Worker", str(os.getpid()))])
    return [gelu_fast.gelu(x).tobytes()]
"""


@contextlib.contextmanager
def server(directory, *options):
    """Start gunicorn on a free port, and yield its address."""
    (directory / "application.py").write_text(APPLICATION)
    (directory / "gunicorn.conf.py").write_text("control_socket_disable = True")
    command = [
        sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--workers", str(WORKERS),
        "--timeout", "20", *options, "application:application",
    ]  # fmt: skip
    with subprocess.Popen(
        command, cwd=directory, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:  # fmt: skip
        try:
            for line in process.stderr:
                found = re.search(r"Listening at: (http://\S+)", line)
                if found:
                    yield found[1]
                    break
            else:
                pytest.fail(f"gunicorn ended with {process.wait()}")
        finally:
            os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize(
    "options",
    [("--preload",), (), ("--preload", "--worker-class", "gthread", "--threads", "4")],
    ids=["preload", "import in the worker", "preload, threads"],
)
def test_workers_answer_with_the_same_bits(options, tmp_path):
    x = np.linspace(-20, 8, 1 << 18, dtype=np.float32)
    with gelu_fast.num_threads(1):
        expected = gelu_fast.gelu(x).tobytes()

    def ask(address):
        with urllib.request.urlopen(address, timeout=30) as response:
            return response.headers["X-Worker"], response.read()

    with server(tmp_path, *options) as address, ThreadPoolExecutor(6) as pool:
        workers = set()
        end = time.monotonic() + 60
        while len(workers) < WORKERS:  # on a busy machine some start late
            assert time.monotonic() < end, f"only {len(workers)} workers answer"
            for worker, answer in pool.map(ask, [address] * REQUESTS):
                assert answer == expected
                workers.add(worker)
