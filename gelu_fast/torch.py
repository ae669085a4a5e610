"""GELU of PyTorch tensors: operators that autograd, torch.compile, torch.export, torch.func know.

`gelu` stands for ``torch.nn.functional.gelu``, `GELU` for ``torch.nn.GELU``. The ufuncs read and
write the memory of the tensors themselves, whatever their strides.
"""

import functools
from collections.abc import Callable
from types import new_class
from typing import TYPE_CHECKING, Any

import numpy as np

import gelu_fast
from gelu_fast._optional import require
from gelu_fast._ufuncs import form

if TYPE_CHECKING:
    import torch
else:
    torch = require("torch", "torch")

__all__ = ["GELU", "gelu"]

_DTYPES = (torch.float32, torch.bfloat16, torch.float16, torch.float64)
_form = functools.cache(form)


def _result(name: str, operands: tuple[torch.Tensor, ...], approximate: str) -> torch.Tensor:
    """Return uninitialized memory for the result, laid out as that of GELU's input, or refuse."""
    _form(approximate, name)
    input = operands[-1]
    if input.dtype not in _DTYPES:
        raise TypeError(
            f"gelu takes a tensor of float16, bfloat16, float32 or float64, not of {input.dtype}"
        )
    if not (input.is_cpu or input.is_meta):
        raise RuntimeError(f"gelu_fast computes on the CPU; this tensor is on {input.device}")
    return torch.empty_like(input)


@functools.cache
def _bfloat16() -> np.dtype:
    return np.dtype(require("ml_dtypes", "bfloat16").bfloat16)


def _array(tensor: torch.Tensor) -> np.ndarray:
    """Return an array that shares the tensor's memory."""
    if tensor.dtype is torch.bfloat16:  # unknown to Tensor.numpy
        return tensor.view(torch.int16).numpy().view(_bfloat16())
    return tensor.numpy()


def _compute(name: str, operands: tuple[torch.Tensor, ...], approximate: str) -> torch.Tensor:
    result = _result(name, operands, approximate)
    function, arrays = _form(approximate, name), map(_array, (*operands, result))
    # A wheel brings an OpenMP runtime of its own, which torch.set_num_threads does not reach.
    threads = torch.get_num_threads()
    if threads < gelu_fast.get_num_threads():
        with gelu_fast.num_threads(threads):
            function(*arrays)
    else:
        function(*arrays)
    return result


@torch.library.custom_op("gelu_fast::gelu", mutates_args=())
def _gelu(input: torch.Tensor, approximate: str) -> torch.Tensor:
    return _compute("gelu", (input,), approximate)


@torch.library.custom_op("gelu_fast::gelu_backward", mutates_args=())
def _gelu_backward(grad: torch.Tensor, input: torch.Tensor, approximate: str) -> torch.Tensor:
    with np.errstate(all="ignore"):  # of an overflow; operators of PyTorch do not warn
        return _compute("gelu_backward", (grad, input), approximate)


@torch.library.custom_op("gelu_fast::gelu_double_backward", mutates_args=())
def _gelu_double_backward(
    grad_grad: torch.Tensor, grad: torch.Tensor, input: torch.Tensor, approximate: str
) -> torch.Tensor:
    with np.errstate(all="ignore"):
        return _compute("gelu_double_backward", (grad_grad, grad, input), approximate)


def _save(ctx: Any, inputs: tuple[Any, ...], output: torch.Tensor) -> None:
    *operands, ctx.approximate = inputs
    ctx.save_for_backward(*operands)
    ctx.save_for_forward(*operands)


def _register(
    name: str, operator: Any, backward: Callable[..., Any], jvp: Callable[..., Any]
) -> Callable[..., torch.Tensor]:
    """Register all but the kernel of an operator, and return what calls it.

    `backward` and `jvp` are those of a `torch.autograd.Function`. It is called where torch.func is
    at work or forward-mode derivatives are taken: there the operator itself would raise, or lose
    the tangents without a word (pytorch/pytorch#168393). Elsewhere it would only be slower.
    """

    def fake(*inputs: Any) -> torch.Tensor:
        *operands, approximate = inputs
        return _result(name, tuple(operands), approximate)

    def vmap(function: Callable[..., torch.Tensor]) -> Callable[..., tuple[torch.Tensor, int]]:
        def batched(
            info: Any, in_dims: tuple[int | None, ...], *inputs: Any
        ) -> tuple[torch.Tensor, int]:
            *operands, approximate = inputs
            batches = [
                x.expand(info.batch_size, *x.shape) if dim is None else x.movedim(dim, 0)
                for x, dim in zip(operands, in_dims[:-1], strict=True)
            ]
            return function(*batches, approximate), 0

        return batched

    operator.register_fake(fake)
    operator.register_vmap(vmap(operator))
    operator.register_autograd(backward, setup_context=_save)

    @torch.compiler.disable  # its tracing of such functions fails, or loses the tangents too
    def apply(*inputs: Any) -> torch.Tensor:
        return differentiable.apply(*inputs)

    def call(*inputs: Any) -> torch.Tensor:
        transformed = torch._C._are_functorch_transforms_active()
        if transformed or torch.autograd.forward_ad._current_level >= 0:
            return apply(*inputs)
        grad_enabled = torch.is_grad_enabled()
        if not torch.compiler.is_compiling() and all(
            type(x) is torch.Tensor and not (grad_enabled and x.requires_grad) for x in inputs[:-1]
        ):
            # What the operator would find out in Python for a third of a small call's time.
            with torch._C._AutoDispatchBelowAutograd():
                return operator(*inputs)
        return operator(*inputs)

    def forward(*inputs: Any) -> torch.Tensor:
        return operator(*inputs)

    methods: dict[str, Any] = {
        "forward": forward,
        "setup_context": _save,
        "backward": backward,
        "jvp": jvp,
        "vmap": vmap(call),
    }
    static = {key: staticmethod(method) for key, method in methods.items()}
    differentiable: Any = new_class(
        name, (torch.autograd.Function,), exec_body=lambda namespace: namespace.update(static)
    )
    return call


def _third_derivative(ctx: Any, *_: Any) -> None:
    raise NotImplementedError("gelu_fast has no third derivative of GELU")


_call_double_backward = _register(
    "gelu_double_backward", _gelu_double_backward, _third_derivative, _third_derivative
)


def _backward_of_backward(
    ctx: Any, grad_grad: torch.Tensor
) -> "tuple[torch.Tensor | None, torch.Tensor | None, None]":
    grad, input = ctx.saved_tensors
    by_grad, by_input, _ = ctx.needs_input_grad
    return (
        _call_backward(grad_grad, input, ctx.approximate) if by_grad else None,
        _call_double_backward(grad_grad, grad, input, ctx.approximate) if by_input else None,
        None,
    )


def _jvp_of_backward(
    ctx: Any, grad_tangent: torch.Tensor, input_tangent: torch.Tensor, _: None
) -> torch.Tensor:
    grad, input = ctx.saved_tensors
    return _call_backward(grad_tangent, input, ctx.approximate) + _call_double_backward(
        input_tangent, grad, input, ctx.approximate
    )


_call_backward = _register("gelu_backward", _gelu_backward, _backward_of_backward, _jvp_of_backward)


def _backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, None]:
    (input,) = ctx.saved_tensors
    return _call_backward(grad, input, ctx.approximate), None


def _jvp(ctx: Any, tangent: torch.Tensor, _: None) -> torch.Tensor:
    (input,) = ctx.saved_tensors
    return _call_backward(tangent, input, ctx.approximate)


_call = _register("gelu", _gelu, _backward, _jvp)


def gelu(input: torch.Tensor, approximate: str = "none") -> torch.Tensor:
    """GELU of a tensor on the CPU, differentiable twice.

    Parameters
    ----------
    input : torch.Tensor
        Of float16, bfloat16 (for which ml_dtypes has to be installed), float32 or float64; of any
        shape and strides. It is read where it is.
    approximate : {"none", "tanh", "quick"}
        The exact form x * Phi(x), the tanh form x * (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2,
        or x * sigmoid(1.702 x), which ``torch.nn.functional.gelu`` does not have.

    Returns
    -------
    torch.Tensor
        A new tensor of the shape, dtype and memory format of `input`, as accurate as
        `gelu_fast.gelu`: within 4 ULP, float64 within 5.5, float16 and bfloat16 within 0.51.

    Raises
    ------
    TypeError
        If `input` is of another dtype, or sparse.
    ValueError
        If `approximate` is another string.
    RuntimeError
        If `input` is on another device than the CPU or "meta", or an argument is of another type.
    ImportError
        If `input` is of bfloat16 and ml_dtypes is not installed.

    Notes
    -----
    At most ``torch.get_num_threads()`` threads compute, and at most `gelu_fast.get_num_threads`.
    Autograd keeps `input`. There is no third derivative.

    Examples
    --------
    >>> import torch
    >>> from gelu_fast.torch import gelu
    >>> x = torch.tensor([-10.0, -1.0, 1.0], requires_grad=True)
    >>> y = gelu(x)
    >>> y.detach()
    tensor([-7.6199e-23, -1.5866e-01,  8.4134e-01])
    >>> y.sum().backward()
    >>> x.grad
    tensor([-7.6184e-22, -8.3315e-02,  1.0833e+00])
    """
    return _call(input, approximate)


class GELU(torch.nn.GELU):
    """GELU activation: ``torch.nn.GELU``, computed by gelu_fast.

    Parameters
    ----------
    approximate : {"none", "tanh", "quick"}
        The form, as in `gelu`.

    Raises
    ------
    ValueError
        If `approximate` is none of the three.

    Examples
    --------
    >>> import torch
    >>> from gelu_fast.torch import GELU
    >>> torch.nn.Sequential(torch.nn.Linear(4, 8), GELU("tanh"))
    Sequential(
      (0): Linear(in_features=4, out_features=8, bias=True)
      (1): GELU(approximate='tanh')
    )
    """

    def __init__(self, approximate: str = "none") -> None:
        form(approximate, "gelu")
        super().__init__(approximate)

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """Return ``gelu(input, self.approximate)``."""
        return gelu(input, self.approximate)
