import pytest

import gelu_fast


@pytest.fixture(autouse=True)
def _one_thread():
    with gelu_fast.num_threads(1):
        yield
