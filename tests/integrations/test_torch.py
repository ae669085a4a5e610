"""gelu_fast.torch: the ufuncs on tensors' memory, and what PyTorch expects of an operator."""

import base64
import copy
import doctest
import functools
import itertools
import pickle
import tracemalloc
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import gelu_fast
from gelu_fast._ufuncs import form

torch = pytest.importorskip("torch")
pytest.importorskip("ml_dtypes")
gelu_fast_torch = pytest.importorskip("gelu_fast.torch")

# PyTorch's compiler and forward mode still use features that PyTorch deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")

GELU, gelu = gelu_fast_torch.GELU, gelu_fast_torch.gelu
replace_gelu = gelu_fast_torch.replace_gelu
OPERATORS = torch.ops.gelu_fast
FORMS = ("none", "tanh", "quick")
DTYPES = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
DERIVATIVES = {  # of a function f from tensors to tensors, at a matrix x
    "grad": lambda f, x: torch.func.grad(lambda x: f(x).sum())(x),
    "grad of grad": lambda f, x: torch.func.grad(torch.func.grad(f))(x[0, 0]),
    "vjp": lambda f, x: torch.func.vjp(f, x)[1](x)[0],
    "jvp": lambda f, x: torch.func.jvp(f, (x,), (x,))[1],
    "jacrev": lambda f, x: torch.func.jacrev(f)(x[0]),
    "jacfwd": lambda f, x: torch.func.jacfwd(f)(x[0]),
    "jacrev of jacrev": lambda f, x: torch.func.jacrev(torch.func.jacrev(f))(x[0]),
    "jacrev of jacfwd": lambda f, x: torch.func.jacrev(torch.func.jacfwd(f))(x[0]),
    "jacfwd of jacfwd": lambda f, x: torch.func.jacfwd(torch.func.jacfwd(f))(x[0]),
    "hessian": lambda f, x: torch.func.hessian(lambda x: f(x).sum())(x[0]),
    "vmap of grad": lambda f, x: torch.func.vmap(torch.func.vmap(torch.func.grad(f)))(x),
    "grad of each sample": lambda f, x: torch.func.vmap(
        torch.func.grad(lambda w, x: f(x @ w).sum()), in_dims=(None, 0)
    )(x.mT.contiguous(), x),
    "vmap of vjp": lambda f, x: torch.func.vmap(torch.func.vjp(f, x[0])[1])(x)[0],
}
PRODUCTS = {  # of a scalar function's second derivative at x with a vector v
    "hvp": lambda f, x, v: torch.autograd.functional.hvp(f, x, v)[1],
    "differentiable hvp": lambda f, x, v: torch.autograd.functional.hvp(f, x, v, True)[1],
    "vhp": lambda f, x, v: torch.autograd.functional.vhp(f, x, v)[1],
    "jvp of grad": lambda f, x, v: torch.autograd.functional.jvp(
        lambda x: torch.autograd.grad(f(x), x, create_graph=True)[0], x, v
    )[1],
    "hessian in forward mode": lambda f, x, v: (
        torch.autograd.functional.hessian(
            f, x, vectorize=True, outer_jacobian_strategy="forward-mode"
        )
        @ v
    ),
    "linearized": lambda f, x, v: torch.func.linearize(torch.func.grad(f), x)[1](v),
    "vmap": lambda f, x, v: torch.func.vmap(
        lambda v: torch.func.jvp(torch.func.grad(f), (x,), (v,))[1]
    )(torch.stack([v, 2 * v])),
}
MAKE = {
    "contiguous": lambda x: x,
    "0-d": lambda x: x[0, 0, 0, 0],
    "empty": lambda x: x[:, :0],
    "one element of a row": lambda x: x[:1, :, :1, 3:4],
    "transposed": lambda x: x.mT,
    "permuted": lambda x: x.permute(3, 0, 2, 1),
    "steps": lambda x: x[:, ::2, 1:, ::3],
    "odd offset": lambda x: x.flatten()[1:],
    "channels_last": lambda x: x.contiguous(memory_format=torch.channels_last),
    "expanded": lambda x: x[:1, :, :1].expand(2, -1, 3, -1),
    "all one": lambda x: x[0, 0, 0, 0].expand(4, 5),
    "halves of the last axis": lambda x: x.chunk(2, -1)[1],
}
layouts = pytest.mark.parametrize("layout", MAKE)
approximates = pytest.mark.parametrize("approximate", FORMS)
dtypes = pytest.mark.parametrize("dtype", DTYPES, ids=str)


def normal(*shape, dtype=torch.float64, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return (3 * torch.randn(*shape, dtype=torch.float64, generator=generator)).to(dtype)


def example(layout, dtype=torch.float32, seed=0):
    return MAKE[layout](normal(2, 6, 4, 8, dtype=dtype, seed=seed))


def expected(name, approximate, *tensors):
    """Return the ufunc's result for contiguous copies."""
    arrays = [gelu_fast_torch._array(x.detach().contiguous()) for x in tensors]
    result = np.asarray(form(approximate, name)(*arrays))
    if result.dtype.name == "bfloat16":
        return torch.from_numpy(result.view(np.int16)).view(torch.bfloat16)
    return torch.from_numpy(result)


@pytest.fixture
def calls(monkeypatch):
    """Record the arguments of each ufunc call and its number of threads."""
    recorded = []

    def recording_form(approximate, name):
        def function(*arrays):
            recorded.append((name, arrays, gelu_fast.get_num_threads()))
            return form(approximate, name)(*arrays)

        return function

    monkeypatch.setattr(gelu_fast_torch, "_form", recording_form)
    return recorded


# Values


@layouts
@dtypes
@approximates
def test_the_bits_of_the_ufuncs_in_every_layout(approximate, dtype, layout):
    x = example(layout, dtype).requires_grad_()
    grad = example(layout, dtype, seed=1)
    y = gelu(x, approximate)
    assert y.dtype == dtype
    assert torch.equal(y, expected("gelu", approximate, x))
    (dx,) = torch.autograd.grad(y, x, grad)
    assert torch.equal(dx, expected("gelu_backward", approximate, grad, x))


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.float64, 1e-14)])
@pytest.mark.parametrize("approximate", ["none", "tanh"])
def test_agrees_with_torch(approximate, dtype, tolerance):
    x, grad = normal(1000, dtype=dtype).requires_grad_(), normal(1000, dtype=dtype, seed=1)
    results = []
    for function in (gelu, torch.nn.functional.gelu):
        y = function(x, approximate=approximate)
        results.append((y, *torch.autograd.grad(y, x, grad)))
    torch.testing.assert_close(*results, rtol=0, atol=tolerance)


def test_keeps_the_negative_tail_and_the_limits():
    x = torch.tensor([-torch.inf, -10.0, -0.0, 0.0, torch.inf, torch.nan])
    assert torch.equal(gelu(x)[:5], torch.tensor([-0.0, -7.6198530e-23, -0.0, 0.0, torch.inf]))
    assert torch.signbit(gelu(x))[[0, 2]].all()
    assert gelu(x)[5].isnan()


def test_overflow_does_not_warn():
    x = torch.tensor([-torch.inf, 0.7], requires_grad=True)
    grad = torch.tensor([torch.inf, torch.finfo(torch.float32).max], requires_grad=True)
    (dx,) = torch.autograd.grad(gelu(x), x, grad, create_graph=True)
    assert dx[0].isnan()
    assert dx[1] > 1e38
    second = torch.autograd.grad(dx, (x, grad), grad)
    assert not second[0].isfinite().all()


def test_negated_views():
    z = torch.complex(normal(8), normal(8, seed=1))
    view = z.conj().imag
    assert view.is_neg()
    assert torch.equal(gelu(view), gelu(-z.imag))


def test_the_examples_in_its_docstrings():
    failed, attempted = doctest.testmod(gelu_fast_torch)
    assert attempted > 8
    assert failed == 0


# Memory


@layouts
@dtypes
def test_no_copies_and_the_strides_of_torch(calls, dtype, layout):
    x, grad = example(layout, dtype).requires_grad_(), example(layout, dtype, seed=1)
    y = gelu(x)
    (dx,) = torch.autograd.grad(y, x, grad)
    assert [name for name, _, _ in calls] == ["gelu", "gelu_backward"]
    for (_, arrays, _), tensors in zip(calls, ((x, y), (grad, x, dx)), strict=True):
        for array, tensor in zip(arrays, tensors, strict=True):
            assert array.shape == tensor.shape
            if array.size:
                assert array.ctypes.data == tensor.data_ptr()
                sizes = [array.itemsize * stride for stride in tensor.stride()]
                assert list(array.strides) == sizes
    if x.numel():  # for empty tensors PyTorch returns the strides of a one-element row
        assert y.stride() == torch.nn.functional.gelu(x).stride()
    assert dx.stride() == y.stride()


@pytest.mark.parametrize("layout", ["contiguous", "transposed", "steps"])
def test_nothing_of_the_size_of_a_tensor_is_allocated_by_numpy(layout):
    x = MAKE[layout](normal(16, 64, 32, 32, dtype=torch.bfloat16)).requires_grad_()
    grad = torch.ones(()).to(x.dtype).expand(x.shape)
    gelu(x).backward(grad)
    tracemalloc.start()
    try:
        gelu(x).backward(grad)
        assert tracemalloc.get_traced_memory()[1] < 64 * 1024 < x.nbytes
    finally:
        tracemalloc.stop()


def test_the_result_is_new_memory_and_the_input_stays():
    x = normal(100)
    before = x.clone()
    y = gelu(x)
    assert y.data_ptr() != x.data_ptr()
    assert torch.equal(x, before)


def test_an_input_changed_in_place_is_noticed():
    x = normal(10).requires_grad_()
    doubled = 2 * x
    y = gelu(doubled)
    doubled.mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


# Derivatives


@approximates
def test_gradcheck(approximate):
    def f(x):
        return gelu(x, approximate)

    x = normal(3, 4).requires_grad_()
    modes = {"check_batched_grad": True, "check_forward_ad": True}
    assert torch.autograd.gradcheck(f, x, check_batched_forward_grad=True, **modes)
    assert torch.autograd.gradgradcheck(
        f, x, check_batched_grad=True, check_fwd_over_rev=True, check_rev_over_rev=True
    )


@approximates
def test_gradcheck_of_the_operators(approximate):
    x, grad = normal(2, 5).requires_grad_(), normal(2, 5, seed=1).requires_grad_()
    assert torch.autograd.gradcheck(lambda x: OPERATORS.gelu(x, approximate), x)
    assert torch.autograd.gradcheck(
        lambda grad, x: OPERATORS.gelu_backward(grad, x, approximate), (grad, x)
    )


@pytest.mark.parametrize("derivative", DERIVATIVES)
@pytest.mark.parametrize("approximate", ["none", "tanh"])
def test_transforms_of_torch_func(approximate, derivative):
    results = [
        DERIVATIVES[derivative](functools.partial(function, approximate=approximate), normal(4, 5))
        for function in (gelu, torch.nn.functional.gelu)
    ]
    torch.testing.assert_close(*results, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("in_dims", [0, 1, -1])
def test_vmap(in_dims):
    x = normal(3, 4, 5)
    assert torch.equal(torch.func.vmap(gelu, in_dims)(x), gelu(x.movedim(in_dims, 0)))


@pytest.mark.parametrize("in_dims", [(0, None), (None, 1), (1, 0), (0, 0)])
def test_vmap_of_the_backward_operators(in_dims):
    function = functools.partial(OPERATORS.gelu_backward, approximate="none")
    operands = [
        normal(3, seed=seed) if dim is None else normal(3, 3, seed=seed)
        for seed, dim in enumerate(in_dims)
    ]
    grad, x = (
        operand.expand(3, 3) if dim is None else operand.movedim(dim, 0)
        for operand, dim in zip(operands, in_dims, strict=True)
    )
    assert torch.equal(torch.func.vmap(function, in_dims)(*operands), function(grad, x))


def test_tangents_of_forward_mode():
    x, tangent = normal(5), normal(5, seed=1)
    with torch.autograd.forward_ad.dual_level():
        y = gelu(torch.autograd.forward_ad.make_dual(x, tangent))
        result = torch.autograd.forward_ad.unpack_dual(y).tangent
    assert torch.equal(result, expected("gelu_backward", "none", tangent, x))


def test_there_is_no_third_derivative():
    message = "no third derivative"
    x = normal(()).requires_grad_()
    (dx,) = torch.autograd.grad(gelu(x), x, create_graph=True)
    (d2x,) = torch.autograd.grad(dx, x, create_graph=True)
    with pytest.raises(NotImplementedError, match=message):
        torch.autograd.grad(d2x, x)
    third = torch.func.grad(torch.func.grad(torch.func.grad(gelu)))
    with pytest.raises(NotImplementedError, match=message):
        third(x.detach())


@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize("approximate", ["none", "tanh"])
@pytest.mark.filterwarnings("ignore:Attempted to insert a get_attr Node")  # from linearize
def test_products_with_the_hessian(approximate, product):
    results = []
    for function in (gelu, torch.nn.functional.gelu):
        square = lambda x, f=function: f(x, approximate=approximate).pow(2).sum()  # noqa: E731
        results.append(PRODUCTS[product](square, normal(5), normal(5, seed=1)))
    torch.testing.assert_close(*results, rtol=1e-10, atol=1e-12)


def test_the_product_is_differentiable_by_the_vector_alone():
    x, v = normal(5).requires_grad_(), normal(5, seed=1).requires_grad_()

    def product(function):
        (dx,) = torch.autograd.grad(function(x).pow(2).sum(), x, create_graph=True)
        return torch.autograd.grad(dx, x, v, create_graph=True)[0].sum()

    results = [torch.autograd.grad(product(f), v)[0] for f in (gelu, torch.nn.functional.gelu)]
    torch.testing.assert_close(*results, rtol=1e-10, atol=1e-12)
    product(gelu).backward(inputs=[v])
    assert torch.equal(v.grad, results[0])
    for differentiate in (torch.Tensor.backward, lambda y: torch.autograd.grad(y, x)):
        with pytest.raises(NotImplementedError, match="no third derivative"):
            differentiate(product(gelu))
    with pytest.raises(NotImplementedError, match="no third derivative"):
        OPERATORS.gelu_double_backward(v, v, x, "none").sum().backward()


def by_vjp(function, k, m):
    """Return the derivative of a function by its operand k, times its operand m."""
    return lambda *p: torch.func.vjp(lambda x: function(*p[:k], x, *p[k + 1 :]), p[k])[1](p[m])[0]


def by_jvp(function, k, m):
    return lambda *p: torch.func.jvp(lambda x: function(*p[:k], x, *p[k + 1 :]), (p[k],), (p[m],))[
        1
    ]


@pytest.mark.parametrize("modes", [*itertools.product([by_vjp, by_jvp], repeat=3)])
def test_three_nested_derivatives(modes):
    """All third derivatives exist, except the one that differentiates GELU's input three times."""
    operands = [normal(3, seed=seed) for seed in range(4)]

    def derivative(gelu, by):
        def function(x, *_):
            return gelu(x) * (1 + x)

        for m, (mode, k) in enumerate(zip(modes, by, strict=True), 1):
            function = mode(function, k, m)
        return function(*operands)

    for by in itertools.product(range(3), repeat=3):
        if by == (0, 0, 0):
            with pytest.raises(NotImplementedError, match="no third derivative"):
                derivative(gelu, by)
            continue
        results = [derivative(function, by) for function in (gelu, torch.nn.functional.gelu)]
        torch.testing.assert_close(*results, rtol=1e-10, atol=1e-12)


def test_a_gradient_that_is_undefined():
    class Stop(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.clone()

        @staticmethod
        def backward(ctx, grad):
            return None

    x = normal(5).requires_grad_()
    (Stop.apply(gelu(x)).sum() + x.sum()).backward()
    assert torch.equal(x.grad, torch.ones_like(x))


def test_what_needs_no_gradient_is_not_computed(calls):
    x = normal(5).requires_grad_()
    (dx,) = torch.autograd.grad(gelu(x).sum(), x, create_graph=True)
    calls.clear()
    torch.autograd.grad(dx.sum(), x)
    assert [name for name, _, _ in calls] == ["gelu_double_backward"]


def test_without_gradients():
    x = torch.nn.Parameter(normal(5))
    with torch.no_grad():
        assert not gelu(x).requires_grad
    with torch.inference_mode():
        y = gelu(x)
    assert y.is_inference()
    assert torch.equal(y, gelu(x))


# Compiled, exported, traced


@pytest.mark.parametrize(
    ("layout", "dtype"),
    [*((layout, torch.float32) for layout in MAKE), *(("steps", dtype) for dtype in DTYPES)],
    ids=str,
)
def test_opcheck(layout, dtype):
    operands = [example(layout, dtype, seed) for seed in range(3)]
    torch.library.opcheck(OPERATORS.gelu_double_backward.default, (*operands, "quick"))
    operands = [x.detach().requires_grad_() for x in operands]
    torch.library.opcheck(OPERATORS.gelu.default, (operands[0], "tanh"))
    torch.library.opcheck(OPERATORS.gelu_backward.default, (*operands[:2], "none"))


@pytest.mark.parametrize("backend", ["aot_eager", "inductor"])
@pytest.mark.parametrize("dynamic", [False, True])
def test_compile_without_graph_breaks(dynamic, backend):
    torch.compiler.reset()
    layer = GELU("tanh")
    compiled = torch.compile(layer, fullgraph=True, dynamic=dynamic, backend=backend)
    for layout in ("contiguous", "channels_last", "transposed", "steps"):
        x = example(layout).requires_grad_()
        grad = example("contiguous", seed=1).flatten()[: x.numel()].reshape(x.shape)
        results = []
        for function in (compiled, layer):
            y = function(x)
            results.append((y, *torch.autograd.grad(y, x, grad)))
        for left, right in zip(*results, strict=True):
            assert torch.equal(left, right)
            assert left.stride() == right.stride()


@pytest.mark.parametrize("derivative", ["grad", "vmap of grad", "jvp"])
@pytest.mark.filterwarnings("ignore")
def test_compiled_transforms_leave_the_graph_and_are_right(derivative):
    torch.compiler.reset()
    x = normal(4, 5)
    function = functools.partial(DERIVATIVES[derivative], gelu)
    result = torch.compile(function, backend="aot_eager")(x)
    torch.testing.assert_close(result, DERIVATIVES[derivative](torch.nn.functional.gelu, x))
    torch.compiler.reset()
    with pytest.raises(torch._dynamo.exc.Unsupported):
        torch.compile(function, backend="aot_eager", fullgraph=True)(x)


def test_export(tmp_path):
    model = torch.nn.Sequential(torch.nn.Linear(4, 8), GELU("quick"))
    x = normal(3, 4, dtype=torch.float32)
    rows = torch.export.Dim("rows")
    program = torch.export.export(model, (x,), dynamic_shapes=({0: rows},))
    torch.export.save(program, tmp_path / "model.pt2")
    loaded = torch.export.load(tmp_path / "model.pt2").module()
    x = normal(7, 4, dtype=torch.float32, seed=1)
    assert torch.equal(loaded(x), model(x))


class Function(torch.nn.Module):
    def __init__(self, approximate):
        super().__init__()
        self.approximate = approximate

    def forward(self, x):
        return gelu(x, self.approximate)


def onnx_operators(model, x, path, **options):
    """Export, compare ONNX Runtime's results, and return the operators with their forms."""
    onnx, onnxruntime = pytest.importorskip("onnx"), pytest.importorskip("onnxruntime")
    if options["dynamo"]:
        pytest.importorskip("onnxscript")
    expected = model(x)
    if options.pop("program", False):
        theirs = lambda x, form: torch.nn.functional.gelu(x, approximate=form)  # noqa: E731
        program = torch.export.export(model, (x,))
        model = program.run_decompositions({OPERATORS.gelu.default: theirs})
    torch.onnx.export(model, (x,), path, verbose=False, **options)
    session = onnxruntime.InferenceSession(path)
    (result,) = session.run(None, {session.get_inputs()[0].name: x.numpy()})
    torch.testing.assert_close(torch.from_numpy(result), expected, rtol=0, atol=1e-5)
    return sorted(
        " ".join([node.op_type, *(a.s.decode() for a in node.attribute if a.s)])
        for node in onnx.load(path).graph.node
        if node.op_type != "Constant"
    )


@pytest.mark.parametrize("dynamo", [True, False], ids=["dynamo", "TorchScript"])
@pytest.mark.parametrize("make", [GELU, Function])
@pytest.mark.parametrize("approximate", [*FORMS, True])
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_export_to_onnx(approximate, make, dynamo, tmp_path):
    x = normal(100, dtype=torch.float32)
    options = {"path": tmp_path / "model.onnx", "dynamo": dynamo}
    operators = onnx_operators(make(approximate).eval(), x, **options, opset_version=20)
    if approximate == "quick":
        assert operators == ["Mul", "Mul", "Sigmoid"]
    else:
        assert operators == [f"Gelu {gelu_fast_torch.form_name(approximate)}"]
    # ONNX has Gelu since opset 20: for older opsets PyTorch writes the formula.
    operators = onnx_operators(make(approximate).eval(), x, **options, opset_version=18)
    assert not any(operator.startswith("Gelu") for operator in operators)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_export_of_a_program_to_onnx(tmp_path):
    x = normal(100, dtype=torch.float32)
    assert onnx_operators(
        GELU().eval(), x, tmp_path / "model.onnx", dynamo=True, opset_version=20, program=True
    ) == ["Gelu none"]


def test_fx_and_jit_trace():
    x = normal(10)
    for traced in (torch.fx.symbolic_trace(GELU("tanh")), torch.jit.trace(GELU("tanh"), x)):
        assert torch.equal(traced(2 * x), gelu(2 * x, "tanh"))


def test_meta_tensors():
    y = gelu(torch.empty(2, 3, 4, 5, device="meta", dtype=torch.bfloat16).mT)
    assert (y.device.type, y.dtype, y.stride()) == ("meta", torch.bfloat16, (60, 20, 1, 5))


def test_autocast_leaves_the_dtype_as_torch_does():
    model = torch.nn.Sequential(torch.nn.Linear(4, 4), GELU())
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert model(torch.ones(4)).dtype == torch.bfloat16
        assert gelu(torch.ones(4)).dtype == torch.float32
    model(torch.ones(4)).sum().backward()
    assert model[0].weight.grad.dtype == torch.float32


# Bad input


@pytest.mark.parametrize("dtype", [torch.int64, torch.bool, torch.complex64, torch.float8_e5m2])
@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_other_dtypes(dtype, device):
    with pytest.raises(TypeError, match=f"float16, bfloat16, float32 or float64, not of {dtype}"):
        gelu(torch.zeros(3, dtype=dtype, device=device))


@pytest.mark.parametrize("approximate", [False, True, np.True_])
def test_bools(approximate):
    x, name = normal(10), "tanh" if approximate else "none"
    assert torch.equal(gelu(x, approximate), gelu(x, name))
    assert torch.equal(gelu(x, approximate=approximate), gelu(x, name))
    if not isinstance(approximate, np.bool_):  # the compiler treats np.bool_ as an array
        compiled = torch.compile(gelu, fullgraph=True, backend="aot_eager")
        assert torch.equal(compiled(x, approximate), gelu(x, name))
    assert repr(GELU(approximate)) == repr(GELU(name))
    assert torch.equal(GELU(approximate)(x), gelu(x, name))


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_unknown_form(device):
    message = "'none', 'tanh' or 'quick', not 'erf'"
    with pytest.raises(ValueError, match=message):
        gelu(torch.zeros(3, device=device), "erf")
    with pytest.raises(ValueError, match="'none', 'tanh' or 'quick', not 1"):
        gelu(torch.zeros(3, device=device), 1)
    with pytest.raises(ValueError, match=message):
        GELU("erf")


def test_other_devices():
    with (
        torch._subclasses.FakeTensorMode(),
        pytest.raises(RuntimeError, match="computes on the CPU; this tensor is on cuda:0"),
    ):
        gelu(torch.zeros(3, device="cuda"))


def test_not_a_strided_tensor():
    with pytest.raises(RuntimeError, match="Expected a value of type 'Tensor'"):
        gelu(np.zeros(3))
    for call in (gelu, GELU(), lambda x: torch.func.vmap(lambda _: gelu(x))(torch.ones(2))):
        with pytest.raises(RuntimeError, match="gelu takes a tensor, not None"):
            call(None)
    with pytest.raises(TypeError, match="Sparse layout"):
        gelu(torch.eye(3).to_sparse())


def use_dtensor():
    from torch import distributed
    from torch.distributed.tensor import DTensor, Shard, distribute_tensor, init_device_mesh

    distributed.init_process_group("gloo", store=distributed.HashStore(), rank=0, world_size=1)
    try:
        mesh, results = init_device_mesh("cpu", (1,)), []
        for function in (
            torch.nn.functional.gelu,
            lambda x: DTensor.from_local(gelu(x.to_local()), x.device_mesh, x.placements),
        ):
            x = distribute_tensor(normal(4, 6), mesh, [Shard(1)]).requires_grad_()
            y = function(x)
            y.sum().backward()
            results.append([y.placements, y.full_tensor(), x.grad.full_tensor()])
        torch.testing.assert_close(*(result[1:] for result in results), rtol=0, atol=1e-14)
        assert results[0][0] == results[1][0]
        with pytest.raises(NotImplementedError, match="does not have a sharding strategy"):
            gelu(x)
    finally:
        distributed.destroy_process_group()


@pytest.mark.skipif(not torch.distributed.is_available(), reason="PyTorch without distributed")
def test_dtensor_is_not_taken_and_what_the_page_says_instead(run_function):
    run_function(use_dtensor)


@pytest.mark.parametrize(
    ("missing", "extra", "code"),
    [
        ("torch", "torch", ""),
        ("ml_dtypes", "bfloat16", "import torch; x = torch.ones(3); gelu(x); gelu(x.bfloat16())"),
    ],
    ids=["torch", "ml_dtypes"],
)
def test_a_missing_package_is_named(run_python, missing, extra, code):
    result = run_python(
        f"import sys; sys.modules['{missing}'] = None; from gelu_fast.torch import gelu; {code}"
    )
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: this needs " + missing)
    assert last.endswith(f"pip install 'gelu_fast[{extra}]'")


# Threads and processes


def test_torch_set_num_threads_is_obeyed(calls, monkeypatch):
    gelu_fast.set_num_threads(2)
    available = gelu_fast.get_num_threads()
    for count, used in ((1, 1), (2, available), (64, available)):
        monkeypatch.setattr(torch, "get_num_threads", lambda count=count: count)
        gelu(torch.ones(3))
        assert calls[-1][2] == used
    assert gelu_fast.get_num_threads() == available


def test_many_threads_at_once():
    inputs = [normal(50_000, dtype=torch.float32, seed=seed) for seed in range(8)]
    wanted = [expected("gelu_grad", "none", x) for x in inputs]

    def step(k):
        x = inputs[k % 8].clone().requires_grad_()
        gelu(x).sum().backward()
        return torch.equal(x.grad, wanted[k % 8])

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(step, range(64)))


class Samples(torch.utils.data.Dataset):
    def __len__(self):
        return 4

    def __getitem__(self, k):
        return gelu(normal(200_000, dtype=torch.float32, seed=k))


def load_in_workers():
    torch.nn.functional.gelu(Samples()[0])  # starts the thread pools before the fork
    loader = torch.utils.data.DataLoader(Samples(), num_workers=2, multiprocessing_context="fork")
    for k, batch in enumerate(loader):
        assert torch.equal(batch[0], Samples()[k])


@pytest.mark.skipif(
    "fork" not in torch.multiprocessing.get_all_start_methods(), reason="no fork on this system"
)
def test_workers_of_a_data_loader(run_function):
    run_function(load_in_workers)


# The module


@pytest.mark.parametrize("approximate", ["none", "tanh"])
def test_the_module_looks_like_that_of_torch(approximate):
    layer, theirs = GELU(approximate), torch.nn.GELU(approximate)
    assert repr(layer) == repr(theirs)
    assert not isinstance(layer, torch.nn.GELU)
    assert layer.state_dict() == theirs.state_dict() == {}
    layer.load_state_dict(theirs.state_dict())


@approximates
def test_the_module_copies_and_pickles(approximate):
    layer, x = GELU(approximate), normal(10)
    for same in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert same.approximate == approximate
        assert torch.equal(same(x), gelu(x, approximate))


def test_a_pickle_of_when_it_was_a_subclass():
    layer = pickle.loads(zlib.decompress(base64.b64decode(OLD_PICKLE)))
    assert type(layer) is GELU
    assert repr(layer) == "GELU(approximate='quick')"
    assert torch.equal(layer(normal(10)), gelu(normal(10), "quick"))


OLD_PICKLE = """
eNp9kU9LxDAQxUVWKBQsKnrYFc962U+heBEFwfMwTdI2NE1qklI9CHrzEPDg+H1t949rt2Jub97vZWaY18lXsruz
eCHJhWogQ+fn3lhWUJhcX9080CddvNELnYfIW5Ra6pzeQww1WqyEF9Z1ZoggbbJsJWagjYa6U9J5of3aAyc8fVA4
ghRZ2aLlUFsBhTGloxAzo5RgXhrdqzvLhRX8UjLfj3BPIdnElpEi6csnIB1kjVJDm27DPmTGjvjpsAqt9AX0uXxN
nG4RqFp8dsCwm4+vmMMfZrPC0jkbO3/0OADn0Qvg3X6D+PFvY/vvKSiD/D9iNiaMG3aIoDK8UWJxqxjr2ponWXU8
hb3HRrKSmnT+DYaR1UE=
"""


# PyTorch's layers that have their own inference kernels


def encoder_layer(activation):
    torch.manual_seed(0)
    options = {"dropout": 0.0, "activation": activation, "batch_first": True}
    return torch.nn.TransformerEncoderLayer(16, 2, 256, **options).eval()


def test_of_inference_kernels_there_are_two_forms_and_ours_are_three():
    """These tests tell the forms apart: "quick" in place of the exact form is 6e-3 off."""
    x = normal(2, 7, 16, dtype=torch.float32)
    with torch.no_grad():
        exact, quick = (encoder_layer(f)(x) for f in (torch.nn.GELU(), GELU("quick")))
    assert (exact - quick).abs().max() > 1e-3


@pytest.mark.parametrize("make", [GELU, lambda a: functools.partial(gelu, approximate=a)])
@approximates
def test_in_transformer_layers(approximate, make):
    layer = encoder_layer(make(approximate))
    with pytest.warns(UserWarning, match="activation_relu_or_gelu was not True"):
        encoder = torch.nn.TransformerEncoder(layer, 2)
    decoder = torch.nn.TransformerDecoderLayer(
        16, 2, 32, dropout=0.0, activation=make(approximate), batch_first=True
    ).eval()
    x = normal(2, 7, 16, dtype=torch.float32)
    padding = torch.arange(7) >= torch.tensor([[7], [4]])
    for call in (
        lambda: layer(x),
        lambda: encoder(x, src_key_padding_mask=padding),
        lambda: decoder(x, x),
    ):
        expected = call()  # with gradients, so without inference kernels
        for context in (torch.no_grad, torch.inference_mode):
            with context():
                torch.testing.assert_close(call(), expected.detach(), rtol=0, atol=1e-6)


# Replacing


def module_class(name, forward, **members):
    """Return a module class that claims to be from another library."""
    module, _, name = name.rpartition(".")
    return type(name, (torch.nn.Module,), {"__module__": module, "forward": forward, **members})


def sine(self, x):
    return torch.sin(x)


THEIRS = {
    "transformers.activations.GELUActivation": "none",
    "transformers.activations.AccurateGELUActivation": "tanh",
    "transformers.activations.FastGELUActivation": "tanh",
    "transformers.activations.GELUTanh": "tanh",
    "transformers.activations.NewGELUActivation": "tanh",
    "transformers.activations.PytorchGELUTanh": "tanh",
    "transformers.activations.QuickGELUActivation": "quick",
    "transformers.models.bloom.modeling_bloom.BloomGelu": "tanh",
    "transformers.models.lxmert.modeling_lxmert.GeLU": "none",
    "timm.layers.activations.GELU": "none",
    "timm.layers.activations.GELUTanh": "tanh",
    "timm.layers.activations.QuickGELU": "quick",
    "diffusers.models.transformers.t5_film_transformer.NewGELUActivation": "tanh",
    "diffusers.models.controlnets.controlnet_union.QuickGELU": "quick",
}


@pytest.mark.parametrize("name", THEIRS)
def test_replaces_the_classes_of_libraries(name):
    x = normal(10)
    model = torch.nn.Sequential(module_class(name, sine)())
    assert replace_gelu(model) == 1
    assert (type(model[0]), model[0].approximate) == (GELU, THEIRS[name])
    assert torch.equal(model(x), gelu(x, THEIRS[name]))


@pytest.mark.parametrize("name", THEIRS)
def test_the_classes_of_libraries_are_what_they_are_taken_for(name):
    module, _, name = name.rpartition(".")
    library = pytest.importorskip(module, exc_type=ImportError)
    if not hasattr(library, name):
        pytest.skip(f"{module} has no {name}")
    theirs = getattr(library, name)()
    model, x = torch.nn.Sequential(theirs), normal(100)
    assert replace_gelu(model) == 1
    torch.testing.assert_close(model(x), theirs(x), rtol=0, atol=1e-7)


def with_member(register):
    module = torch.nn.GELU()
    getattr(module, register)("scale", torch.nn.Parameter(torch.ones(())))
    return module


class ScaledGELU(torch.nn.GELU):
    def forward(self, x):
        return 2 * super().forward(x)


def with_forward_of_its_own():
    module = torch.nn.GELU()
    module.forward = lambda x: 2 * torch.nn.functional.gelu(x)
    return module


@pytest.mark.parametrize(
    "make",
    [
        ScaledGELU,
        with_forward_of_its_own,
        lambda: with_member("register_parameter"),
        lambda: with_member("register_buffer"),
        module_class("transformers.activations.ClippedGELUActivation", sine),
        module_class("transformers.models.ibert.quant_modules.IntGELU", sine),
        module_class("mine.GELU", sine),
        module_class("timm_of_mine.QuickGELU", sine),
        GELU,
        torch.nn.SiLU,
        lambda: torch.jit.trace(torch.nn.GELU(), torch.ones(3)),
    ],
)
def test_leaves_what_is_not_surely_gelu(make):
    module, x = make(), normal(10)
    model = torch.nn.Sequential(module, torch.nn.Linear(10, 10, dtype=torch.float64))
    expected = model(x)
    assert replace_gelu(model) == 0
    assert model[0] is module
    assert torch.equal(model(x), expected)


def test_replaces_in_place():
    inner = torch.nn.GELU("tanh").eval()
    recorded = []
    inner.register_forward_hook(lambda module, inputs, output: recorded.append(type(module)))
    model = torch.nn.ModuleDict(
        {
            "a": torch.nn.Sequential(torch.nn.Linear(5, 5), inner, torch.nn.Linear(5, 5), inner),
            "b": torch.nn.ModuleList([torch.nn.Sequential(torch.nn.GELU()), None]),
            "c": torch.nn.Sequential(inner),
        }
    ).double()
    state, x = copy.deepcopy(model.state_dict()), normal(5)
    expected = model["a"](x)
    recorded.clear()
    assert replace_gelu(model) == 4  # counts places, though inner is one module
    assert model["a"][1] is model["a"][3] is model["c"][0] is not model["b"][0][0]
    torch.testing.assert_close(model["a"](x), expected, rtol=0, atol=1e-14)
    assert recorded == [GELU, GELU]
    assert not model["a"][1].training
    assert type(inner) is torch.nn.GELU
    assert not any(isinstance(module, torch.nn.GELU) for module in model.modules())
    assert state.keys() == model.state_dict().keys()
    assert replace_gelu(model) == 0
    for same in (copy.deepcopy(model), pickle.loads(pickle.dumps(model.b))):
        assert replace_gelu(same) == 0


def test_replaces_a_function_that_a_module_holds():
    class Layer(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.activation = torch.nn.functional.gelu
            self.other = torch.nn.functional.silu

    model = torch.nn.Sequential(Layer(), Layer())
    assert replace_gelu(model) == 2
    assert model[1].activation is gelu
    assert model[1].other is torch.nn.functional.silu


@pytest.mark.parametrize("activation", ["gelu", torch.nn.GELU()], ids=str)
@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
def test_replaces_in_transformers(activation, calls):
    model = torch.nn.TransformerEncoder(encoder_layer(activation), 2).eval()
    x = normal(2, 7, 16, dtype=torch.float32)
    padding = torch.arange(7) >= torch.tensor([[7], [4]])
    with torch.no_grad():
        expected = model(x, src_key_padding_mask=padding)
        assert not calls
        assert replace_gelu(model) == 2
        result = model(x, src_key_padding_mask=padding)
        assert [name for name, _, _ in calls] == ["gelu", "gelu"]
        torch.testing.assert_close(result[~padding], expected[~padding], rtol=0, atol=1e-5)
    # As in a layer pickled when GELU was a subclass of torch.nn.GELU.
    layer = encoder_layer(GELU("quick"))
    layer.activation_relu_or_gelu = 2
    assert replace_gelu(layer) == 0
    assert layer.activation_relu_or_gelu == 0


def test_leaves_transformers_of_other_activations_as_they_are():
    model = torch.nn.TransformerEncoder(encoder_layer("relu"), 1)
    before = dict(vars(model)), dict(vars(model.layers[0]))
    assert replace_gelu(model) == 0
    assert (vars(model), vars(model.layers[0])) == before


def projected(name, forward, **members):
    """Return a module like those in diffusers that contain a linear layer."""

    def init(self):
        torch.nn.Module.__init__(self)
        self.proj = torch.nn.Linear(4, 8, dtype=torch.float64)

    name = f"diffusers.models.activations.{name}"
    return module_class(name, forward, __init__=init, **members)()


def test_replaces_in_the_layers_of_diffusers():
    def by_method(self, x):
        return self.gelu(self.proj(x))

    def exact(self, x):
        return torch.nn.functional.gelu(x, approximate=getattr(self, "approximate", "none"))

    def quick(self, x):
        x = self.proj(x)
        return x * torch.sigmoid(1.702 * x)

    tanh = projected("GELU", by_method, gelu=exact)
    tanh.approximate = "tanh"
    layers = [
        projected("GELU", by_method, gelu=exact, approximate="none"),
        tanh,
        projected("GEGLU", by_method, gelu=exact),
        projected("ApproximateGELU", quick),
        projected("SwiGLU", quick),
    ]
    model, x = torch.nn.ModuleList(layers), normal(3, 4)
    expected = [layer(x) for layer in layers]
    keys = model.state_dict().keys()
    assert replace_gelu(model) == 4
    for layer, result, approximate in zip(
        layers, expected, ("none", "tanh", "none", "quick", ""), strict=True
    ):
        torch.testing.assert_close(layer(x), result, rtol=0, atol=1e-13)
        if approximate:
            assert torch.equal(layer(x), gelu(layer.proj(x), approximate))
    assert model.state_dict().keys() == keys
    assert replace_gelu(model) == 0
