"""The references agree with each other and cover every function."""

import math

import mpmath as mp
import numpy as np
import oracle
import pytest

import gelu_fast
from gelu_fast._bench import reference

REFERENCES = reference.references(np.frompyfunc(math.erfc, 1, 1))


def test_every_ufunc_has_a_line_in_the_oracle():
    ufuncs = {name for name in gelu_fast.__all__ if isinstance(getattr(gelu_fast, name), np.ufunc)}
    assert ufuncs == set(oracle.ORACLE)
    assert ufuncs == {function.name for function in gelu_fast._core.functions()}


def test_reference_knows_every_unary_function():
    assert set(REFERENCES) == set(oracle.UNARY)


@pytest.mark.parametrize("name", [*oracle.DERIVATIVES, *oracle.SECOND_DERIVATIVES])
def test_derivatives_of_the_oracle_are_derivatives(name):
    order = 2 if name in oracle.SECOND_DERIVATIVES else 1
    for x in (-6.0, -2.5, -0.75, -0.1, 0.0, 0.3, 4.0):
        with mp.workdps(oracle.DIGITS):
            numerical = mp.diff(oracle.UNARY[name[: name.rfind("_")]], mp.mpf(x), order)
            assert abs(numerical - oracle.exact(name, x)) < mp.mpf("1e-20")


def test_roots():
    for name in oracle.UNARY:
        expected = len(oracle.roots(name))
        assert reference.is_near_root(name, np.array(oracle.roots(name), float)).sum() == expected


@pytest.mark.parametrize("name", oracle.UNARY)
def test_double_reference_against_oracle(name, rng):
    """The float64 reference errs by less than 1/1000 of a float32 ULP, except near the root."""
    x = np.concatenate([rng.uniform(-14, 8, 400), rng.normal(0, 1, 400), [-1e-30, 1e-30, 50.0]])
    x = x[~reference.is_near_root(name, x)]
    got = REFERENCES[name](x)
    errors = [
        oracle.ulp_error(y, oracle.exact(name, v), *oracle.FORMATS["float32"])
        for v, y in zip(x, got, strict=True)
    ]
    assert max(errors) < 1e-3


def test_ulp_error_counts_units_in_the_last_place():
    exact = np.array([1.0, 1.0, 1.5, 2.0**-140, np.inf, -np.inf, np.nan, np.nan])
    got = np.array(
        [1 + 2.0**-22, 1 - 2.0**-24, np.nan, 2.0**-140 + 2.0**-149, np.inf, np.inf, np.nan, 0]
    )
    errors = reference.ulp_error(got, exact, *oracle.FORMATS["float32"])
    np.testing.assert_array_equal(errors, [2, 0.5, np.inf, 1, 0, np.inf, 0, np.inf])
