"""GELU for JAX by the kernels of gelu_fast, with the names and defaults of `jax.nn`.

On the CPU each function is a custom call in the compiled program, through XLA's FFI: nothing is
copied, and Python is not involved. It works in `jax.jit`, `jax.vmap`, `jax.grad`,
derivatives of any order, `jax.checkpoint`, `jax.lax.scan` and on sharded arrays. On GPUs and TPUs
XLA compiles the formula.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from gelu_fast import _core
from gelu_fast._optional import require
from gelu_fast._ufuncs import form as _ufunc
from gelu_fast._ufuncs import form_name

require("jax", "jax")
import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
from jax.experimental import jet  # noqa: E402
from jax.experimental.custom_partitioning import custom_partitioning  # noqa: E402
from jax.extend.core import ClosedJaxpr, Primitive, jaxpr_as_fun  # noqa: E402
from jax.interpreters import ad, batching, mlir  # noqa: E402
from jax.sharding import NamedSharding, PartitionSpec  # noqa: E402
from jax.typing import ArrayLike  # noqa: E402

__all__ = ["bias_gelu", "geglu", "gelu"]

_TARGET = "gelu_fast"
_DTYPES = (jnp.float16, jnp.bfloat16, jnp.float32, jnp.float64)


def _register() -> None:
    """Tell XLA of the kernels."""
    try:
        jax.ffi.register_ffi_target(_TARGET, _core.xla_ffi_handler(), platform="cpu")
    except Exception as error:  # whatever jaxlib raises for a version that it does not support
        raise ImportError(
            f"jaxlib {jax.lib.__version__} refuses gelu_fast's kernels, which are for versions 0.1 "
            f"to 0.3 of XLA's FFI (JAX 0.7.2 to 0.10.2 were tested): {error}"
        ) from error


_register()


def _formula(approximate: str, x: jax.Array) -> jax.Array:
    # Not jax.nn.gelu, which may have been replaced by this module's.
    if approximate == "none":
        return 0.5 * x * jax.lax.erfc(-math.sqrt(0.5) * x)
    z = 1.702 * x if approximate == "quick" else math.sqrt(8 / math.pi) * (x + 0.044715 * x**3)
    return x * jax.lax.logistic(z)


def _second_derivative_formula(approximate: str, x: jax.Array) -> jax.Array:
    dtype = x.dtype
    # The limit is reached at these bounds; farther out, an infinite power would meet a zero.
    x = jnp.clip(x.astype(jnp.float64 if dtype == jnp.float64 else jnp.float32), -450, 450)
    if approximate == "none":
        result = (2 - x**2) * jnp.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    else:
        # z, z' and z'' of x * sigmoid(z).
        if approximate == "tanh":
            scale = math.sqrt(8 / math.pi)
            z, slope, bend = (
                scale * (x + 0.044715 * x**3),
                scale * (1 + 3 * 0.044715 * x**2),
                scale * (6 * 0.044715 * x),
            )
        else:
            z, slope, bend = 1.702 * x, 1.702, 0.0
        s = jax.lax.logistic(z)
        result = s * jax.lax.logistic(-z) * (2 * slope + x * bend + x * slope**2 * (1 - 2 * s))
    return result.astype(dtype)


# For GPUs and TPUs. The keys are the names of the exact form in src/functions.def.
_FORMULAS: dict[str, Callable[..., Any]] = {
    "gelu": lambda form, x: [_formula(form, x)],
    "gelu_value_and_grad": lambda form, x: list(
        jax.jvp(partial(_formula, form), (x,), (jnp.ones_like(x),))
    ),
    "gelu_grad2": lambda form, x: [_second_derivative_formula(form, x)],
    "bias_gelu": lambda form, x, bias: [_formula(form, x + bias)],
    "geglu": lambda form, gate, up: [_formula(form, gate) * up],
}


def _on_shard(name: str, approximate: str, *operands: jax.Array) -> Any:
    ufunc, formula = _ufunc(approximate, name), partial(_FORMULAS[name], approximate)
    results = [jax.typeof(operands[0])] * ufunc.nout

    def on_cpu(*operands: jax.Array) -> Any:
        return jax.ffi.ffi_call(_TARGET, results)(*operands, function=ufunc.__name__)

    return jax.lax.platform_dependent(*operands, cpu=on_cpu, default=formula)


# XLA cannot see into a custom call, and would gather its sharded operands on every device.
_on_shards = custom_partitioning(_on_shard, static_argnums=(0, 1))


def _partition(name: str, approximate: str, mesh: Any, operands: Any, results: Any) -> Any:
    whole = results[0].sharding

    def sharding(x: Any) -> Any:
        if x.shape == results[0].shape:
            return whole
        if not isinstance(whole, NamedSharding):
            return x.sharding
        axes = (None if n == 1 else axis for n, axis in zip(x.shape, whole.spec, strict=False))
        return NamedSharding(whole.mesh, PartitionSpec(*axes))

    shard = partial(_on_shard, name, approximate)
    return mesh, shard, [whole] * len(results), tuple(map(sharding, operands))


def _sharding_rule(*arguments: Any) -> str:
    """Return Shardy's rule: "i0 i1, j0 i1 -> i0 i1" for operands of shapes (m, n) and (1, n)."""
    operands, results = arguments[-2:]
    names = [f"i{d}" for d in range(results[0].rank)]
    rows = [
        " ".join(
            name if n == size else f"{chr(ord('j') + k)}{d}"
            for d, (name, n, size) in enumerate(zip(names, x.shape, results[0].shape, strict=True))
        )
        for k, x in enumerate(operands)
    ]
    return f"{', '.join(rows)} -> {', '.join([' '.join(names)] * len(results))}"


_on_shards.def_partition(
    partition=_partition,
    infer_sharding_from_operands=lambda name, approximate, mesh, operands, results: [
        operands[0].sharding
    ]
    * len(results),
    sharding_rule=_sharding_rule,
)


def _differentiate(name: str, form: str, primals: Any, tangents: Any, **_parameters: Any) -> Any:
    """Return the results and their tangents: the rule of `jax.jvp`."""
    tangents = tuple(map(ad.instantiate_zeros, tangents))
    if name == "gelu":
        value, slope = _call("gelu_value_and_grad", form, *primals)
        return [value], [slope * tangents[0]]
    if name == "gelu_value_and_grad":
        value, slope = _call(name, form, *primals)
        (bend,) = _call("gelu_grad2", form, *primals)
        return [value, slope], [x * tangents[0] for x in (slope, bend)]
    if name == "gelu_grad2":
        tangents = jax.jvp(partial(_FORMULAS[name], form), primals, tangents)[1]
        return _call(name, form, *primals), tangents
    # The derivatives of the fused functions need their parts.
    return jax.jvp(partial(_PARTS[name], form), primals, tangents)


_PARTS: dict[str, Callable[..., Any]] = {
    "bias_gelu": lambda form, x, bias: _call("gelu", form, x + bias),
    "geglu": lambda form, gate, up: [_call("gelu", form, gate)[0] * up],
}


def _batch(name: str, form: str, operands: Any, axes: Any, **_parameters: Any) -> Any:
    """Return the results and their new axes: the rule of `jax.vmap`."""
    rows = [
        x[None] if axis is None else jnp.moveaxis(x, axis, 0)
        for x, axis in zip(operands, axes, strict=True)
    ]
    rows[0] = jnp.broadcast_to(rows[0], jnp.broadcast_shapes(*(x.shape for x in rows)))
    results = _call(name, form, *rows)
    return results, [0] * len(results)


@cache
def _primitive(name: str, form: str) -> tuple[Primitive, Callable[..., Any]]:
    """Return a function of src/functions.def, of that form, as a primitive of JAX, and its program.

    In `jax.custom_jvp` it would not work with `jax.experimental.jet`.
    """
    ufunc = _ufunc(form, name)

    def kernel(*operands: jax.Array) -> Any:
        # In jax.shard_map, if any operand differs between devices, so does the result; JAX infers
        # it from the first. XLA optimizes these selections away.
        first, *others = operands
        for x in others:
            first = jnp.where(True, first, x)
        return _on_shards(name, form, first, *others)

    def evaluate(*operands: jax.Array, program: ClosedJaxpr) -> Any:
        return jaxpr_as_fun(program)(*operands)

    # The name tells programs apart in JAX's compilation cache.
    kernel.__name__ = ufunc.__name__
    primitive = Primitive(ufunc.__name__)
    primitive.multiple_results = True
    primitive.def_impl(evaluate)
    primitive.def_abstract_eval(lambda *_, program: program.out_avals)
    mlir.register_lowering(primitive, mlir.lower_fun(evaluate, multiple_results=True))
    ad.primitive_jvps[primitive] = partial(_differentiate, name, form)
    batching.primitive_batchers[primitive] = partial(_batch, name, form)
    jet.def_comp(primitive, partial(_FORMULAS[name], form))
    return primitive, jax.make_jaxpr(jax.jit(kernel))


def _call(name: str, form: str, *operands: jax.Array) -> Any:
    """Call a function of src/functions.def, of that form.

    The results are like the first operand; the others have as many dimensions, each of the first
    operand's size or 1.
    """
    primitive, program = _primitive(name, form)
    # As a parameter, so that JAX sees the custom_partitioning inside.
    return primitive.bind(*operands, program=program(*operands))


# Jitted, so that a call outside jax.jit is traced only once.
_jitted = jax.jit(_call, static_argnums=(0, 1), inline=True)


def _promote(*operands: ArrayLike) -> list[jax.Array]:
    """Convert to the dtype that `jax.nn.gelu` of the operands' sum has; refuse what it refuses."""
    if all(
        isinstance(x, jax.Array) and x.dtype in _DTYPES and not x.weak_type for x in operands
    ) and all(x.dtype == operands[0].dtype for x in operands):
        return list(operands)
    for x in operands:
        if not (isinstance(x, ArrayLike) or hasattr(x, "__jax_array__")):
            raise TypeError(f"gelu_fast.jax takes arrays and numbers, not {type(x).__name__}")
        if jnp.issubdtype(getattr(x, "dtype", float), jax.dtypes.extended):  # as of jax.random.key
            raise TypeError(f"gelu_fast.jax takes arrays and numbers, not {x.dtype}")
    values = [x if isinstance(x, ArrayLike) else jnp.asarray(x) for x in operands]
    scalar = jax.ShapeDtypeStruct((), jnp.result_type(*values))
    dtype = jax.eval_shape(jnp.tanh, scalar).dtype  # which for integers is a floating-point one
    if dtype not in _DTYPES:
        raise TypeError(
            f"gelu_fast.jax computes float16, bfloat16, float32 and float64, not {dtype}"
        )
    return [jax.lax.convert_element_type(x, dtype) for x in values]


def gelu(x: ArrayLike, approximate: bool | str = True) -> jax.Array:
    """Return GELU of `x`, as `jax.nn.gelu` does, with an error of a few ULP for all `x`.

    Parameters
    ----------
    x : array_like
        Of any shape; float16, bfloat16, float32 or float64. Others are promoted as by
        `jax.nn.gelu`.
    approximate : bool or {"none", "tanh", "quick"}
        The form: True or "tanh" for x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))) / 2; False
        or "none" for x * Phi(x); "quick" for x * sigmoid(1.702 * x). Static under `jax.jit`.

    Returns
    -------
    jax.Array
        Of the shape of `x`. The error bound is that of `gelu_fast.gelu`, `gelu_fast.gelu_tanh` or
        `gelu_fast.gelu_quick`, whose bits it has on the CPU. The first derivatives have those of
        `gelu_fast.gelu_value_and_grad`, the second those of `gelu_fast.gelu_grad2`; from the third
        on, and in `jax.experimental.jet` the values too, they are XLA's, of the formula.

    Raises
    ------
    TypeError
        If `x` is not numbers, or complex, or of another floating-point dtype.
    ValueError
        If `approximate` is none of those.

    Examples
    --------
    >>> import jax
    >>> from gelu_fast.jax import gelu
    >>> round(float(jax.grad(gelu)(1.0)), 5)
    1.08296
    """
    return _jitted("gelu", form_name(approximate), *_promote(x))[0]


def bias_gelu(x: ArrayLike, bias: ArrayLike, approximate: bool | str = True) -> jax.Array:
    """Return ``gelu(x + bias)`` in one pass over memory.

    Parameters
    ----------
    x : array_like
        Of shape (..., n), and of the dtypes of `gelu`. Two dtypes are promoted as for ``x + bias``.
    bias : array_like
        Of shape (n,), or any that broadcasts to that of `x`. It is not expanded in memory.
    approximate : bool or {"none", "tanh", "quick"}
        The form, as in `gelu`.

    Returns
    -------
    jax.Array
        Of the shape of `x`. The error bound is that of `gelu_fast.bias_gelu`; where it is
        differentiated, the sum is rounded on the way.

    Raises
    ------
    TypeError
        If an operand is not numbers, or complex, or of another floating-point dtype.
    ValueError
        If `bias` does not broadcast to the shape of `x`, or `approximate` is none of those.
    """
    form = form_name(approximate)
    x, bias = _promote(x, bias)
    if bias.ndim > x.ndim or any(
        n not in (1, size) for n, size in zip(bias.shape[::-1], x.shape[::-1], strict=False)
    ):
        raise ValueError(f"bias of shape {bias.shape} does not broadcast to x of shape {x.shape}")
    bias = bias.reshape((1,) * (x.ndim - bias.ndim) + bias.shape)
    return _jitted("bias_gelu", form, x, bias)[0]


def geglu(gate: ArrayLike, up: ArrayLike, approximate: bool | str = True) -> jax.Array:
    """Return ``gelu(gate) * up`` in one pass over memory.

    Parameters
    ----------
    gate, up : array_like
        Of one shape, and of the dtypes of `gelu`. Two dtypes are promoted as for ``gate + up``.
    approximate : bool or {"none", "tanh", "quick"}
        The form, as in `gelu`.

    Returns
    -------
    jax.Array
        Of the same shape. The error bound is that of `gelu_fast.geglu`; where it is differentiated,
        `gelu` of the gate is rounded on the way.

    Raises
    ------
    TypeError
        If an operand is not numbers, or complex, or of another floating-point dtype.
    ValueError
        If the shapes differ, or `approximate` is none of those.
    """
    form = form_name(approximate)
    gate, up = _promote(gate, up)
    if gate.shape != up.shape:
        raise ValueError(f"gate and up have one shape, not {gate.shape} and {up.shape}")
    return _jitted("geglu", form, gate, up)[0]
