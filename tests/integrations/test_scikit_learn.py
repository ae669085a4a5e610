"""The ufuncs as a step in a scikit-learn pipeline, in several processes."""

import os
import pickle

import numpy as np
import pytest

import gelu_fast

pytest.importorskip("sklearn")

from sklearn.base import clone
from sklearn.datasets import make_moons
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

UFUNCS = {name: f for name, f in vars(gelu_fast).items() if isinstance(f, np.ufunc)}


@pytest.fixture
def moons(rng):
    """Return random projections of two half moons, linearly separable only with an activation."""
    points, labels = make_moons(400, noise=0.1, random_state=0)
    return points @ rng.standard_normal((2, 100)) + rng.standard_normal(100), labels


@pytest.fixture
def pipeline():
    return make_pipeline(
        FunctionTransformer(gelu_fast.gelu), StandardScaler(), LogisticRegression(max_iter=5000)
    )


@pytest.mark.parametrize("name", UFUNCS)
def test_pickle_of_every_ufunc(name):
    step = FunctionTransformer(UFUNCS[name])
    assert clone(step).func is UFUNCS[name]
    assert pickle.loads(pickle.dumps(step)).func is UFUNCS[name]


def test_transform():
    x = np.float32([[-1, 2], [0.5, 3]])
    result = FunctionTransformer(gelu_fast.gelu, validate=True).fit_transform(x)
    np.testing.assert_array_equal(result, gelu_fast.gelu(x), strict=True)


def test_pandas_output():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"a": [-1.0, 2.0], "b": [0.5, 3.0]}, index=["p", "q"])
    step = FunctionTransformer(gelu_fast.gelu, feature_names_out="one-to-one")
    pd.testing.assert_frame_equal(step.fit_transform(frame), gelu_fast.gelu(frame))
    assert list(step.get_feature_names_out()) == ["a", "b"]


def test_cross_validation_in_two_processes(moons, pipeline):
    serial = cross_val_score(pipeline, *moons, cv=4)
    np.testing.assert_array_equal(cross_val_score(pipeline, *moons, cv=4, n_jobs=2), serial)
    without = cross_val_score(clone(pipeline).set_params(functiontransformer=None), *moons, cv=4)
    assert serial.min() > 0.95 > without.max(), "the moons are not linearly separable"


def test_search_over_the_forms(moons, pipeline):
    forms = [gelu_fast.gelu, gelu_fast.gelu_tanh, gelu_fast.relaxed.gelu]
    search = GridSearchCV(pipeline, {"functiontransformer__func": forms}, cv=4, n_jobs=2)
    search.fit(*moons)
    assert search.best_score_ > 0.95
    assert search.best_params_["functiontransformer__func"] in forms


def test_threads_in_the_processes():
    """Each process gets its share of the cores, because joblib sets OMP_NUM_THREADS."""
    joblib = pytest.importorskip("joblib")
    if "OMP_NUM_THREADS" in os.environ:
        pytest.skip("OMP_NUM_THREADS takes precedence over joblib's")
    call = joblib.delayed(gelu_fast.get_num_threads)
    counts = joblib.Parallel(n_jobs=2)([call(), call()])
    share = max(joblib.cpu_count() // 2, 1)
    assert set(counts) == {min(share, gelu_fast.get_num_threads())}
