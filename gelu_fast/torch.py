"""GELU of PyTorch tensors: operators for autograd, torch.compile, torch.export and torch.func.

`gelu` replaces ``torch.nn.functional.gelu``, and `GELU` replaces ``torch.nn.GELU``. Nothing is
copied: the ufuncs read and write the tensors' own memory, with any strides.
"""

import functools
from collections.abc import Callable
from types import new_class
from typing import TYPE_CHECKING, Any

import numpy as np

import gelu_fast
from gelu_fast._optional import require
from gelu_fast._ufuncs import form, form_name

if TYPE_CHECKING:
    import torch
else:
    torch = require("torch", "torch")

__all__ = ["GELU", "gelu", "replace_gelu"]

_DTYPES = (torch.float32, torch.bfloat16, torch.float16, torch.float64)
_form = functools.cache(form)


def _result(name: str, operands: tuple[torch.Tensor, ...], approximate: str) -> torch.Tensor:
    """Check the operands; return uninitialized memory for the result, laid out like the input."""
    _form(approximate, name)
    input = operands[-1]
    if input is None:  # which PyTorch accepts in place of a tensor
        raise RuntimeError("gelu takes a tensor, not None")
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
    # A wheel has an OpenMP runtime of its own, which torch.set_num_threads does not reach.
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
    with np.errstate(all="ignore"):  # PyTorch's operators do not warn of an overflow
        return _compute("gelu_backward", (grad, input), approximate)


@torch.library.custom_op("gelu_fast::gelu_double_backward", mutates_args=())
def _gelu_double_backward(
    grad_grad: torch.Tensor, grad: torch.Tensor, input: torch.Tensor, approximate: str
) -> torch.Tensor:
    with np.errstate(all="ignore"):
        return _compute("gelu_double_backward", (grad_grad, grad, input), approximate)


def _third_derivative(ctx: Any, *_: Any) -> None:
    raise NotImplementedError("gelu_fast has no third derivative of GELU")


def _save(ctx: Any, inputs: tuple[Any, ...], output: torch.Tensor) -> None:
    *operands, ctx.approximate = inputs
    ctx.set_materialize_grads(False)  # PyTorch would differentiate the zeros
    ctx.save_for_backward(*operands)
    ctx.save_for_forward(*operands)


def _register(
    name: str, operator: Any, *partials: Callable[..., torch.Tensor], last: bool = False
) -> Callable[..., torch.Tensor]:
    """Register the derivatives and batching of an operator, and return a function that calls it.

    `partials` are the derivatives by its operands, each times a vector: functions of the vector and
    the inputs, which serve both modes. A `torch.autograd.Function` made of them is called under
    torch.func and in forward mode, where the operator itself would raise or silently lose the
    tangents (pytorch/pytorch#168393). Elsewhere it is not called, as it is slower. The `last`
    operator has no derivatives.
    """

    def backward(ctx: Any, vector: Any) -> tuple[Any, ...]:  # a tensor or None
        inputs = (*ctx.saved_tensors, ctx.approximate)
        if vector is None:
            return (None,) * len(inputs)
        pairs = zip(partials, ctx.needs_input_grad[:-1], strict=True)
        return (*(partial(vector, *inputs) if need else None for partial, need in pairs), None)

    def jvp(ctx: Any, *tangents: Any) -> torch.Tensor:  # tensors or None
        inputs = (*ctx.saved_tensors, ctx.approximate)
        pairs = zip(partials, tangents[:-1], strict=True)
        terms = [partial(vector, *inputs) for partial, vector in pairs if vector is not None]
        # Otherwise the sum silently loses the tangents of an outer forward mode.
        with torch.autograd.forward_ad._set_fwd_grad_enabled(True):
            return functools.reduce(torch.add, terms)

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
    operator.register_autograd(_third_derivative if last else backward, setup_context=_save)

    @torch.compiler.disable  # tracing it fails, or loses the tangents too
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
            # The operator finds this out in Python, which takes a third of a small call's time.
            with torch._C._AutoDispatchBelowAutograd():
                return operator(*inputs)
        return apply(*inputs) if last else operator(*inputs)

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


class _Constant(torch.autograd.Function):
    """The identity, which raises when it is differentiated.

    The backward function of the operator that it feeds cannot raise, as it does not know which of
    its results are used.
    """

    generate_vmap_rule = True
    backward = jvp = staticmethod(_third_derivative)

    @staticmethod
    def forward(input: torch.Tensor) -> torch.Tensor:
        return input.view_as(input)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: torch.Tensor) -> None:
        pass


_call_last: Callable[..., torch.Tensor] = _register(
    "gelu_double_backward",
    _gelu_double_backward,
    lambda vector, _, *inputs: _call_last(vector, *inputs),
    lambda vector, grad_grad, _, *inputs: _call_last(grad_grad, vector, *inputs),
    lambda vector, *_: vector,  # any tensor: _Constant raises
    last=True,
)
_call_backward: Callable[..., torch.Tensor] = _register(
    "gelu_backward",
    _gelu_backward,
    lambda vector, _, *inputs: _call_backward(vector, *inputs),
    lambda vector, grad, input, approximate: _call_last(
        vector, grad, _Constant.apply(input), approximate
    ),
)
_call = _register("gelu", _gelu, lambda vector, *inputs: _call_backward(vector, *inputs))


def gelu(input: torch.Tensor, approximate: bool | str = "none") -> torch.Tensor:
    """GELU of a tensor on the CPU, differentiable twice.

    Parameters
    ----------
    input : torch.Tensor
        float16, bfloat16 (which needs ml_dtypes), float32 or float64, of any shape and strides. It
        is read in place.
    approximate : {"none", "tanh", "quick"} or bool
        The exact form x * Phi(x), the tanh form x * (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2,
        or x * sigmoid(1.702 x), which ``torch.nn.functional.gelu`` does not have. False is "none",
        True is "tanh".

    Returns
    -------
    torch.Tensor
        A new tensor of the shape, dtype and memory format of `input`, with the error bound of
        `gelu_fast.gelu`.

    Raises
    ------
    TypeError
        If `input` is of another dtype, or sparse.
    ValueError
        If `approximate` is none of those.
    RuntimeError
        If `input` is on another device than the CPU or "meta", or no tensor.
    ImportError
        If `input` is of bfloat16 and ml_dtypes is not installed.

    Notes
    -----
    The number of threads is at most ``torch.get_num_threads()`` and `gelu_fast.get_num_threads()`.
    Autograd keeps `input`. There is no third derivative by `input`. ``torch.onnx.export`` sees
    PyTorch's own operators.

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
    approximate = form_name(approximate)
    traced = torch.compiler.is_compiling() or torch.jit.is_tracing()
    if traced and torch.onnx.is_in_onnx_export():  # asked last: it takes 2 microseconds
        if approximate == "quick":
            return input * torch.sigmoid(1.702 * input)
        return torch.nn.functional.gelu(input, approximate=approximate)
    return _call(input, approximate)


class GELU(torch.nn.Module):
    """GELU activation: a module like ``torch.nn.GELU``, computed by gelu_fast.

    It is not a subclass of ``torch.nn.GELU``: for a layer with one, PyTorch may choose a fused
    kernel that computes PyTorch's own GELU.

    Parameters
    ----------
    approximate : {"none", "tanh", "quick"} or bool
        The form, as in `gelu`.

    Raises
    ------
    ValueError
        If `approximate` is none of those.

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

    def __init__(self, approximate: bool | str = "none") -> None:
        super().__init__()
        self.approximate = form_name(approximate)

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """Return ``gelu(input, self.approximate)``."""
        return gelu(input, self.approximate)

    def extra_repr(self) -> str:
        return f"approximate={self.approximate!r}"


class _ApproximateGELU(torch.nn.Module):  # has the parameters of diffusers' ApproximateGELU
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return gelu(self.proj(x), "quick")


# The classes of transformers, timm and diffusers that are GELU and nothing else.
_FORMS = {
    **dict.fromkeys(("GELU", "GELUActivation", "GeLU"), "none"),
    **dict.fromkeys(("AccurateGELUActivation", "BloomGelu", "FastGELUActivation"), "tanh"),
    **dict.fromkeys(("GELUTanh", "NewGELUActivation", "PytorchGELUTanh"), "tanh"),
    **dict.fromkeys(("QuickGELU", "QuickGELUActivation"), "quick"),
}


def _replacement(old: Any) -> Callable[..., torch.Tensor] | None:
    """Return the replacement of a function or module; None if it may not be GELU."""
    if old is torch.nn.functional.gelu:
        return gelu
    kind, approximate = type(old), None
    if kind is torch.nn.GELU:
        approximate = old.approximate
    elif kind.__module__.partition(".")[0] in ("transformers", "timm", "diffusers"):
        approximate = _FORMS.get(kind.__qualname__)
    if not approximate or "forward" in vars(old) or old._modules or old._parameters or old._buffers:
        return None
    new = GELU(approximate).train(old.training)
    vars(new).update((key, value) for key, value in vars(old).items() if value and "hook" in key)
    return new


def replace_gelu(model: torch.nn.Module) -> int:
    """Replace every GELU of a model by gelu_fast's, and return their number.

    Replaced are modules of the class ``torch.nn.GELU`` and of the GELU classes of transformers,
    timm and diffusers, but not of subclasses, which may compute anything; and the function
    ``torch.nn.functional.gelu`` where it is an attribute, as in an ``nn.TransformerEncoderLayer``
    with ``activation="gelu"``. Modules with parameters stay, and functions that a ``forward`` calls
    by name.

    Parameters
    ----------
    model : torch.nn.Module
        Changed in place; its ``state_dict`` and hooks stay. A model that is itself an activation
        is not replaced.

    Returns
    -------
    int
        The number of places: a module that is used twice counts twice.

    Examples
    --------
    >>> import torch
    >>> from gelu_fast.torch import replace_gelu
    >>> model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.GELU("tanh"))
    >>> replace_gelu(model)
    1
    >>> model[1]
    GELU(approximate='tanh')
    """
    count, made = 0, dict[Any, Any]()  # a module that is used twice stays one
    for parent in model.modules():  # goes on to the new children
        for name, child in [*parent._modules.items(), *vars(parent).items()]:
            if (new := _replacement(child)) is not None:
                setattr(parent, name, made.setdefault(child, new))
                count += 1
        kind = type(parent)
        if kind.__module__ == "diffusers.models.activations":  # GELU after a linear layer
            if kind.__qualname__ == "ApproximateGELU":
                parent.__class__ = _ApproximateGELU
                count += 1
            elif kind.__qualname__ in ("GELU", "GEGLU") and "gelu" not in vars(parent):
                approximate = getattr(parent, "approximate", "none")
                parent.gelu = functools.partial(gelu, approximate=approximate)
                count += 1
    for module in reversed([*model.modules()]):  # layers before the encoder that has them
        if isinstance(module, torch.nn.TransformerEncoderLayer):
            if module.activation is gelu or isinstance(module.activation, GELU):
                module.activation_relu_or_gelu = 0  # or PyTorch computes its own in eval
        elif isinstance(module, torch.nn.TransformerEncoder) and module.use_nested_tensor:
            module.use_nested_tensor = all(x.activation_relu_or_gelu for x in module.layers)
    return count
