"""GELU in ONNX models: every way to write it is found, near misses are not, both runtimes run it.

The models are written in ONNX's textual syntax, or assembled operator by operator.
"""

import ctypes
import itertools
import subprocess
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")

from onnx import TensorProto, helper, numpy_helper, parser  # noqa: E402
from onnx.reference import ReferenceEvaluator  # noqa: E402
from onnx.reference.op_run import OpRun  # noqa: E402

import gelu_fast  # noqa: E402
from gelu_fast.onnx import (  # noqa: E402
    DOMAIN,
    OPERATORS,
    inference_session,
    reference_evaluator,
    replace_gelu,
    session_options,
)

X = np.float32([[-13, -6.5, -3, -1], [0, 0.5, 2, 30]])
FLOAT = np.dtype(np.float32)
ROOT_HALF, ROOT_TWO, ROOT_TWO_PI = 0.5**0.5, 2**0.5, (2 / np.pi) ** 0.5


@pytest.fixture
def runtime():
    pytest.importorskip("onnxruntime_extensions")
    return pytest.importorskip("onnxruntime")


class Builder:
    """A graph with one input x and one output y; constants are initializers of shape `shape`."""

    def __init__(self, dtype=FLOAT, shape=(), as_nodes=False, input_shape=("n", 4)):
        self.dtype, self.shape, self.as_nodes = dtype, shape, as_nodes
        self.type = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
        self.input_shape = input_shape
        self.nodes, self.initializers = [], []

    def __call__(self, op_type, *inputs, domain="", **attributes):
        inputs = [i if isinstance(i, str) else self.constant(i) for i in inputs]
        name = f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(op_type, inputs, [name], domain=domain, **attributes))
        return name

    def constant(self, value):
        tensor = numpy_helper.from_array(np.full(self.shape, value, self.dtype), "")
        if self.as_nodes:
            return self("Constant", value=tensor)
        tensor.name = f"c{len(self.initializers)}"
        self.initializers.append(tensor)
        return tensor.name

    def model(self, y, opset=20, outputs=(), output_shape="that of x"):
        shape = self.input_shape
        output_shape = shape if output_shape == "that of x" else output_shape
        graph = helper.make_graph(
            self.nodes,
            "g",
            [helper.make_tensor_value_info("x", self.type, shape)],
            [helper.make_tensor_value_info(k, self.type, output_shape) for k in (y, *outputs)],
            self.initializers,
        )
        opsets = [helper.make_opsetid("", opset), helper.make_opsetid("com.microsoft", 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
        onnx.checker.check_model(model, full_check=True)
        return model


def evaluate(model, x=X, **feeds):
    return ReferenceEvaluator(model, new_ops=OPERATORS).run(None, {"x": x, **feeds})


def op_types(body):
    return [node.op_type for node in body.node]


def check_replaced(model, function, x=X):
    """Check that one node is left, that the original is unchanged, and that the model is valid."""
    before = model.SerializeToString(deterministic=True)
    new, counts = replace_gelu(model)
    assert counts == {function: 1}
    assert model.SerializeToString(deterministic=True) == before
    assert [(node.domain, node.op_type) for node in new.graph.node] == [(DOMAIN, function)]
    assert list(new.graph.initializer) == []
    assert new.graph.output == model.graph.output
    onnx.checker.check_model(new, full_check=True)
    (y,) = evaluate(new, x)
    assert y.dtype == x.dtype
    np.testing.assert_array_equal(y, getattr(gelu_fast, function)(x))


def products(g, factors):
    """Yield functions that multiply the factors, one for every order and association."""
    for a, b, c in itertools.permutations(factors):
        yield lambda a=a, b=b, c=c: g("Mul", g("Mul", a(), b()), c())
        yield lambda a=a, b=b, c=c: g("Mul", a(), g("Mul", b(), c()))


def arguments_of_erf(g):
    return (
        lambda: g("Div", "x", ROOT_TWO),
        lambda: g("Div", "x", 1.4142),
        lambda: g("Div", "x", g("Sqrt", 2.0)),
        lambda: g("Mul", "x", ROOT_HALF),
        lambda: g("Mul", 0.7071, "x"),
        lambda: g("Neg", g("Mul", "x", -ROOT_HALF)),
    )


def arguments_of_tanh(g):
    cubes = (
        lambda: g("Pow", "x", 3.0),
        lambda: g("Mul", "x", g("Mul", "x", "x")),
        lambda: g("Mul", g("Pow", "x", 2.0), "x"),
    )
    for cube in cubes:
        yield lambda c=cube: g("Mul", g("Add", "x", g("Mul", c(), 0.044715)), ROOT_TWO_PI)
        yield lambda c=cube: g("Mul", 0.79788, g("Add", g("Mul", 0.044715, c()), "x"))
    # x * (1 + 0.044715 x²), as in PyTorch's decomposition and TensorFlow Lite; then magika's order
    yield lambda: g(
        "Mul",
        g("Mul", "x", ROOT_TWO_PI),
        g("Add", 1.0, g("Mul", g("Mul", 0.044715, "x"), "x")),
    )
    yield lambda: g(
        "Mul",
        ROOT_TWO_PI,
        g("Add", "x", g("Mul", "x", g("Mul", "x", g("Mul", 0.044715, "x")))),
    )
    yield lambda: g(
        "Add", g("Mul", "x", ROOT_TWO_PI), g("Mul", g("Pow", "x", 3.0), ROOT_TWO_PI * 0.044715)
    )


@pytest.mark.parametrize("as_nodes", [False, True], ids=["initializers", "constants"])
@pytest.mark.parametrize("shape", [(), (1,), (1, 1)], ids=str)
@pytest.mark.parametrize("op_type", ["Erf", "Tanh"])
def test_every_order_of_the_operands(op_type, shape, as_nodes):
    function, arguments = {
        "Erf": ("gelu", arguments_of_erf),
        "Tanh": ("gelu_tanh", arguments_of_tanh),
    }[op_type]
    seen = 0
    for i, _ in enumerate(arguments(None)):
        for j in range(12):
            for k in range(2):
                g = Builder(shape=shape, as_nodes=as_nodes)
                argument = list(arguments(g))[i]

                def one_plus(g=g, argument=argument, k=k):
                    operands = [1.0, g(op_type, argument())]
                    return g("Add", *operands[:: 1 - 2 * k])

                factors = (lambda: 0.5, lambda: "x", one_plus)
                y = list(products(g, factors))[j]()
                check_replaced(g.model(y), function)
                seen += 1
    assert seen == 24 * len(list(arguments(None)))


def write_half_inside(g):  # 0.5 + 0.5 * erf
    return g("Mul", "x", g("Add", g("Mul", g("Erf", g("Mul", "x", ROOT_HALF)), 0.5), 0.5))


def write_by_division(g):
    one_plus = g("Add", g("Erf", g("Div", "x", ROOT_TWO)), 1.0)
    return g("Div", g("Mul", "x", one_plus), 2.0)


def write_distributed(g):
    half = g("Mul", "x", 0.5)
    return g("Add", half, g("Mul", half, g("Erf", g("Div", "x", ROOT_TWO))))


def write_erfc(g):
    erfc = g("Sub", 1.0, g("Erf", g("Mul", g("Neg", "x"), ROOT_HALF)))
    return g("Mul", g("Mul", 0.5, "x"), erfc)


def write_quick(g):
    return g("Mul", "x", g("Sigmoid", g("Mul", "x", 1.702)))


def write_quick_reversed(g):
    return g("Mul", g("Sigmoid", g("Mul", 1.702, "x")), "x")


def write_tanh_by_sigmoid(g):
    inner = g("Add", "x", g("Mul", 0.044715, g("Pow", "x", 3.0)))
    return g("Mul", "x", g("Sigmoid", g("Mul", inner, 2 * ROOT_TWO_PI)))


def write_by_sums(g):  # Sum of one, two and three operands
    cube = g("Mul", g("Sum", g("Pow", "x", 3.0)), 0.044715)
    tanh = g("Tanh", g("Mul", g("Sum", "x", cube), ROOT_TWO_PI))
    return g("Mul", g("Mul", "x", g("Reciprocal", 2.0)), g("Sum", 0.25, tanh, 0.75))


def write_with_identities(g):
    x = g("Identity", "x")
    erf = g("Identity", g("Erf", g("Identity", g("Div", x, ROOT_TWO))))
    return g("Mul", g("Mul", "x", 0.5), g("Add", erf, 1.0))


def write_with_casts(g):
    """Put each operator between casts to float64 and back, as automatic casting does."""

    def in_float64(op_type, *inputs):
        cast = [g("Cast", x, to=TensorProto.DOUBLE) for x in inputs]
        return g("Cast", g(op_type, *cast), to=g.type)

    cube = in_float64("Mul", in_float64("Mul", "x", "x"), "x")
    inner = in_float64("Add", "x", in_float64("Mul", cube, 0.044715))
    tanh = in_float64("Tanh", in_float64("Mul", inner, ROOT_TWO_PI))
    return in_float64("Mul", in_float64("Mul", "x", 0.5), in_float64("Add", tanh, 1.0))


def write_with_cast_like(g):
    wide = g("Cast", "x", to=TensorProto.DOUBLE)
    erf = g("Erf", g("CastLike", g("Div", "x", ROOT_TWO), wide))
    return g("Mul", g("Mul", "x", 0.5), g("Add", g("CastLike", erf, "x"), 1.0))


def write_constants_cast(g):
    half, root = g("Cast", 0.5, to=g.type), g("CastLike", g("Identity", ROOT_TWO), "x")
    one_plus = g("Add", 1.0, g("Erf", g("Div", "x", root)))
    return g("Mul", half, g("Mul", "x", one_plus))


@pytest.mark.parametrize(
    ("write", "function"),
    [
        (write_half_inside, "gelu"),
        (write_by_division, "gelu"),
        (write_distributed, "gelu"),
        (write_erfc, "gelu"),
        (write_constants_cast, "gelu"),
        (write_quick, "gelu_quick"),
        (write_quick_reversed, "gelu_quick"),
        (write_tanh_by_sigmoid, "gelu_tanh"),
        (write_by_sums, "gelu_tanh"),
        (write_with_identities, "gelu"),
    ],
)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64], ids=lambda d: d.__name__)
def test_other_ways_to_write_it(write, function, dtype):
    g = Builder(dtype)
    check_replaced(g.model(write(g)), function, X.astype(dtype))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
@pytest.mark.parametrize(
    ("write", "function"), [(write_with_casts, "gelu_tanh"), (write_with_cast_like, "gelu")]
)
def test_casts_that_lose_nothing(write, function, dtype):
    dtype = dtype_of_16_bits(dtype)
    g = Builder(dtype)
    check_replaced(g.model(write(g)), function, X.astype(dtype))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64], ids=lambda d: d.__name__)
@pytest.mark.parametrize("opset", range(20, onnx.defs.onnx_opset_version() + 1))
@pytest.mark.parametrize(("approximate", "function"), [("none", "gelu"), ("tanh", "gelu_tanh")])
def test_what_onnx_itself_writes_for_gelu(approximate, function, opset, dtype):
    g = Builder(dtype)
    model = g.model(g("Gelu", "x", approximate=approximate), opset)
    (node,) = model.graph.node
    schema = onnx.defs.get_schema("Gelu", opset)
    version = max(schema.context_dependent_function_opset_versions)
    types = [helper.make_tensor_type_proto(g.type, ("n", 4)).SerializeToString()]
    body = onnx.FunctionProto.FromString(
        schema.get_context_dependent_function_with_opset_version(
            version, node.SerializeToString(), types
        )
    )
    del body.attribute[:]
    body.domain = node.domain = "expanded"
    body.opset_import[0].version = opset
    del node.attribute[:]
    model.functions.append(body)
    model.opset_import.append(helper.make_opsetid("expanded", 1))
    new, counts = replace_gelu(model)
    assert counts == {function: 1}
    assert op_types(new.functions[0]) == [function]
    check_replaced(onnx.inliner.inline_local_functions(model), function, X.astype(dtype))


@pytest.mark.parametrize("has_bias", [False, True])
def test_what_onnxruntime_writes_for_fast_gelu(has_bias):
    g = Builder()
    b = np.float32([1, -2, 3, -4])
    g.initializers.append(numpy_helper.from_array(b, "b"))
    x = g("Add", "x", "b") if has_bias else g("Identity", "x")
    factor = g("Add", ROOT_TWO_PI, g("Mul", 0.035677408136300125, g("Mul", x, x)))
    y = g("Mul", 0.5, g("Mul", x, g("Add", 1.0, g("Tanh", g("Mul", x, factor)))))
    model, counts = replace_gelu(g.model(y))
    assert counts == {"gelu_tanh": 1}
    assert op_types(model.graph) == ["Add" if has_bias else "Identity", "gelu_tanh"]
    expected = gelu_fast.gelu_tanh(X + b if has_bias else X)
    np.testing.assert_array_equal(evaluate(model)[0], expected)


def model_of_casts(of_x, inner, of_y):
    """Return a GELU of x whose erf and result have other dtypes than x."""
    model = parser.parse_model(f"""
    <ir_version: 8, opset_import: ["": 20]>
    agraph ({of_x}[N, 4] x) => ({of_y}[N, 4] y)
    <float root = {{0.70710678}}, float half = {{0.5}}, float one = {{1.0}}>
    {{
        root_as_x = CastLike(root, x)
        scaled = Mul(x, root_as_x)
        inner = Cast<to: int = {TensorProto.DataType.Value(inner.upper())}>(scaled)
        erf = Erf(inner)
        erf_as_y = Cast<to: int = {TensorProto.DataType.Value(of_y.upper())}>(erf)
        one_as_y = CastLike(one, erf_as_y)
        one_plus = Add(erf_as_y, one_as_y)
        x_as_y = CastLike(x, erf_as_y)
        half_as_y = CastLike(half, erf_as_y)
        halved = Mul(x_as_y, half_as_y)
        y = Mul(halved, one_plus)
    }}
    """)
    onnx.checker.check_model(model, full_check=True)
    return model


@pytest.mark.parametrize(
    ("of_x", "inner", "of_y"),
    [
        ("float", "float16", "float"),
        ("float", "bfloat16", "float"),
        ("float16", "bfloat16", "float16"),
        ("double", "float", "double"),
        ("float16", "float", "float"),  # loses no digit, but a GELU's result has the dtype of x
    ],
)
def test_other_casts_are_left(of_x, inner, of_y):
    with pytest.raises(ValueError, match=r"no GELU that is known.*: Erf -> erf$"):
        replace_gelu(model_of_casts(of_x, inner, of_y))
    replace_gelu(model_of_casts(of_x, of_x, of_x))


def write_other(g, op_type, factor):
    if op_type == "Erf":
        return g("Mul", "x", g("Mul", 0.4, g("Add", 1.0, g("Erf", g("Mul", "x", factor)))))
    if op_type == "Tanh":
        inner = g("Add", "x", g("Mul", g("Pow", "x", 3.0), factor))
        return g("Mul", g("Mul", "x", 0.5), g("Add", g("Tanh", g("Mul", inner, 0.8)), 1.0))
    return g("Mul", "x", g("Sigmoid", g("Mul", "x", factor)))


@pytest.mark.parametrize("make", [replace_gelu, reference_evaluator, inference_session])
@pytest.mark.parametrize(
    ("op_type", "factor"), [("Erf", ROOT_HALF), ("Tanh", 0.0447), ("Sigmoid", 1.7)]
)
def test_model_with_a_gelu_that_is_not_found_says_so(runtime, make, op_type, factor):
    g = Builder()
    other = write_other(g, op_type, factor)
    model = g.model(g("Gelu", other))
    (name,) = [node.output[0] for node in model.graph.node if node.op_type == op_type]
    with pytest.warns(UserWarning, match=f"not replaced.*: {op_type} -> {name}$") as record:
        make(model)
    assert [warning.filename for warning in record] == [__file__]


def test_default_value_and_custom_nodes_that_are_left_are_named():
    g = Builder()
    y = g("Gelu", write_quick(g))
    model = g.model(g("QuickGelu", y, domain="com.microsoft", alpha=1.5))
    (alpha,) = model.graph.initializer
    model.graph.input.append(helper.make_tensor_value_info(alpha.name, TensorProto.FLOAT, []))
    with pytest.warns(UserWarning, match="not replaced.*: Sigmoid -> t1, QuickGelu -> t4$"):
        replace_gelu(model)


def test_other_functions_are_not_taken_for_gelus():
    """SiLU, mish, a soft cap and gates cause no warning."""
    g = Builder()
    silu = g("Mul", "x", g("Sigmoid", "x"))
    mish = g("Mul", "x", g("Tanh", g("Softplus", "x")))
    cap = g("Mul", g("Tanh", g("Div", "x", 30.0)), 30.0)
    gate = g("Mul", g("Sigmoid", silu), g("Tanh", g("Add", mish, cap)))
    replace_gelu(g.model(g("Gelu", gate)))


def dtype_of_16_bits(name):
    dtype = np.dtype(getattr(pytest.importorskip("ml_dtypes"), name, name))
    try:
        helper.np_dtype_to_tensor_dtype(dtype)
    except (KeyError, ValueError):
        pytest.skip(f"this onnx does not take the {name} of ml_dtypes")
    return dtype


def test_bfloat16():
    dtype = dtype_of_16_bits("bfloat16")
    g = Builder(dtype)
    inner = g("Add", "x", g("Mul", 0.044715, g("Pow", "x", 3.0)))
    one_plus = g("Add", 1.0, g("Tanh", g("Mul", inner, ROOT_TWO_PI)))
    y = g("Mul", g("Mul", 0.5, "x"), one_plus)
    check_replaced(g.model(y), "gelu_tanh", X.astype(dtype))


def test_exponent_of_another_dtype_and_constants_as_numbers():
    g = Builder()
    three = g("Constant", value_int=3)
    inner = g("Add", "x", g("Mul", g("Constant", value_float=0.044715), g("Pow", "x", three)))
    tanh = g("Tanh", g("Mul", inner, g("Constant", value_floats=[ROOT_TWO_PI])))
    y = g("Mul", g("Mul", "x", 0.5), g("Add", tanh, 1.0))
    check_replaced(g.model(y), "gelu_tanh")


@pytest.mark.parametrize(
    ("domain", "op_type", "attributes", "function"),
    [
        ("", "Gelu", {}, "gelu"),
        ("ai.onnx", "Gelu", {"approximate": "none"}, "gelu"),
        ("", "Gelu", {"approximate": "tanh"}, "gelu_tanh"),
        ("com.microsoft", "Gelu", {}, "gelu"),
        ("com.microsoft", "FastGelu", {}, "gelu_tanh"),
        ("com.microsoft", "QuickGelu", {}, "gelu_quick"),
        ("com.microsoft", "QuickGelu", {"alpha": 1.702}, "gelu_quick"),
        ("", "Swish", {"alpha": 1.702}, "gelu_quick"),
    ],
)
def test_nodes(domain, op_type, attributes, function):
    opset = 24 if op_type == "Swish" else 20
    if opset > onnx.defs.onnx_opset_version():
        pytest.skip(f"this onnx does not have {op_type}")
    g = Builder()
    model = g.model(g(op_type, "x", domain=domain.removeprefix("ai.onnx"), **attributes), opset)
    model.graph.node[0].domain = domain
    if domain == "ai.onnx":  # an alias of the domain ""
        model.opset_import[0].domain = domain
    check_replaced(model, function)


@pytest.mark.parametrize(("op_type", "function"), [("BiasGelu", "gelu"), ("FastGelu", "gelu_tanh")])
def test_bias(op_type, function):
    g = Builder()
    bias = np.float32([1, -2, 3, -4])
    g.initializers.append(numpy_helper.from_array(bias, "b"))
    y = g(op_type, "x", "b", domain="com.microsoft")
    model, counts = replace_gelu(g.model(y))
    assert counts == {function: 1}
    assert op_types(model.graph) == ["Add", function]
    onnx.checker.check_model(model, full_check=True)
    np.testing.assert_array_equal(evaluate(model)[0], getattr(gelu_fast, function)(X + bias))


def test_optional_bias_that_is_not_there():
    g = Builder()
    check_replaced(g.model(g("FastGelu", "x", "", domain="com.microsoft")), "gelu_tanh")


def refuses(g, y, **options):
    model = g.model(y, **options)
    with pytest.raises(ValueError, match="no GELU"):
        replace_gelu(model)


@pytest.mark.parametrize(
    ("half", "one", "root"),
    [
        (0.5, 1.0, 1.4),
        (0.5, 1.0, 1.414),
        (0.5, 1.001, ROOT_TWO),
        (0.499, 1.0, ROOT_TWO),
        (0.5, -1.0, ROOT_TWO),
        (-0.5, 1.0, ROOT_TWO),
        (0.5, 1.0, -ROOT_TWO),
        (0.5, 1.0, 0.0),
        (0.5, 0.0, ROOT_TWO),
    ],
)
def test_wrong_constants_by_erf(half, one, root):
    g = Builder()
    one_plus = g("Add", g("Erf", g("Div", "x", root)), one)
    refuses(g, g("Mul", g("Mul", "x", half), one_plus))


@pytest.mark.parametrize(
    ("root", "cubic", "exponent"),
    [
        (0.8, 0.044715, 3.0),
        (ROOT_TWO_PI, 0.0447, 3.0),
        (ROOT_TWO_PI, 0.044715, 2.0),
        (ROOT_TWO_PI, 0.044715, 2.999),
        (ROOT_TWO_PI, 0.0, 3.0),
    ],
)
def test_wrong_constants_by_tanh(root, cubic, exponent):
    g = Builder()
    inner = g("Add", "x", g("Mul", g("Pow", "x", exponent), cubic))
    one_plus = g("Add", g("Tanh", g("Mul", inner, root)), 1.0)
    refuses(g, g("Mul", g("Mul", "x", 0.5), one_plus))


@pytest.mark.parametrize("alpha", [1.0, 1.7, 1.703, -1.702])
def test_wrong_alpha(alpha):
    g = Builder()
    refuses(g, g("Mul", "x", g("Sigmoid", g("Mul", "x", alpha))))
    g = Builder()
    refuses(g, g("QuickGelu", "x", domain="com.microsoft", alpha=alpha))


def test_tolerance_of_16_bits_is_for_constants_of_16_bits_alone():
    rounded = float(np.float16(ROOT_TWO_PI * 0.044715))
    for dtype, is_found in ((np.float16, True), (np.float32, False)):
        g = Builder(dtype)
        cube = g("Mul", g("Pow", "x", 3.0), rounded * 1.0004)
        tanh = g("Tanh", g("Add", g("Mul", "x", ROOT_TWO_PI), cube))
        y = g("Mul", g("Mul", "x", 0.5), g("Add", tanh, 1.0))
        if is_found:
            check_replaced(g.model(y), "gelu_tanh", X.astype(dtype))
        else:
            refuses(g, y)


def test_other_operands():
    def other(g):  # a tensor that is not x
        return g("Abs", "x")

    g = Builder()
    one_plus = g("Add", g("Erf", g("Div", "x", ROOT_TWO)), 1.0)
    refuses(g, g("Mul", g("Mul", other(g), 0.5), one_plus))
    g = Builder()
    refuses(g, g("Mul", other(g), g("Sigmoid", g("Mul", "x", 1.702))))
    g = Builder()
    inner = g("Add", other(g), g("Mul", g("Pow", "x", 3.0), 0.044715))
    one_plus = g("Add", g("Tanh", g("Mul", inner, ROOT_TWO_PI)), 1.0)
    refuses(g, g("Mul", g("Mul", "x", 0.5), one_plus))
    g = Builder()  # another function
    refuses(g, g("Mul", g("Mul", "x", 0.5), g("Add", g("Tan", g("Div", "x", ROOT_TWO)), 1.0)))
    g = Builder()  # an operator in between
    one_plus = g("Add", g("Erf", g("Div", g("Relu", "x"), ROOT_TWO)), 1.0)
    refuses(g, g("Mul", g("Mul", "x", 0.5), one_plus))
    g = Builder()  # the reciprocal
    one_plus = g("Add", g("Erf", g("Div", ROOT_HALF, "x")), 1.0)
    refuses(g, g("Mul", g("Mul", "x", 0.5), one_plus))
    g = Builder()  # a different factor per column
    halves = np.float32([0.5, 0.5, 0.5, 0.4])
    g.initializers.append(numpy_helper.from_array(halves, "halves"))
    one_plus = g("Add", g("Erf", g("Div", "x", ROOT_TWO)), 1.0)
    refuses(g, g("Mul", g("Mul", "x", "halves"), one_plus))


def test_constant_cast_to_an_integer():
    g = Builder()
    half = g("Cast", g("Cast", 0.5, to=TensorProto.INT64), to=g.type)  # 0
    one_plus = g("Add", g("Erf", g("Div", "x", ROOT_TWO)), 1.0)
    refuses(g, g("Mul", g("Mul", "x", half), one_plus))


def test_operators_of_other_domains():
    g = Builder()
    refuses(g, g("Mul", "x", g("Sigmoid", g("Mul", "x", 1.702)), domain="com.microsoft"))
    g = Builder()
    refuses(g, g("Mul", "x", g("Sigmoid", g("Mul", "x", 1.702), domain="com.microsoft")))


@pytest.mark.parametrize("as_nodes", [False, True], ids=["initializers", "constants"])
@pytest.mark.parametrize("shape", [(4,), (1, 4)], ids=str)
def test_constants_of_one_number_for_each_column(shape, as_nodes):
    for write, function in (write_quick, "gelu_quick"), (write_by_division, "gelu"):
        g = Builder(shape=shape, as_nodes=as_nodes)
        check_replaced(g.model(write(g)), function)


@pytest.mark.parametrize("as_nodes", [False, True], ids=["initializers", "constants"])
@pytest.mark.parametrize("of_x", [("n", 1), ("n", "m"), (2, 1), ("m",)], ids=str)
def test_constants_that_may_broadcast_x_are_named(of_x, as_nodes):
    g = Builder(shape=(2, 4), as_nodes=as_nodes, input_shape=of_x)
    quick = write_quick(g)
    model = g.model(quick, output_shape=(2, 4))
    with pytest.raises(ValueError, match=r"no GELU.*; not replaced.*: Sigmoid -> t"):
        replace_gelu(model)


def test_constants_of_higher_rank_than_x():
    g = Builder(shape=(1, 1, 1), input_shape=("n",))
    refuses(g, write_quick(g), output_shape=(1, 1, "n"))
    g = Builder(shape=(1,), input_shape=())
    refuses(g, write_quick(g), output_shape=(1,))


def test_scalar():
    g = Builder(input_shape=())
    model = g.model(write_quick(g))
    check_replaced(model, "gelu_quick", np.array(-2, np.float32))


def test_empty():
    g = Builder()
    check_replaced(g.model(write_quick(g)), "gelu_quick", np.empty((0, 4), np.float32))


@pytest.mark.parametrize("kept", ["t0", "t1", "t2", "t3"])
def test_intermediate_values_that_are_outputs_stay(kept):
    g = Builder()
    one_plus = g("Add", g("Erf", g("Div", "x", ROOT_TWO)), 1.0)
    y = g("Mul", g("Mul", "x", 0.5), one_plus)
    original = g.model(y, outputs=[kept])
    model, counts = replace_gelu(original)
    assert counts == {"gelu": 1}
    onnx.checker.check_model(model, full_check=True)
    result, intermediate = evaluate(model)
    np.testing.assert_array_equal(result, gelu_fast.gelu(X))
    np.testing.assert_array_equal(intermediate, evaluate(original)[1])
    assert len(model.graph.node) == {"t0": 2, "t1": 3, "t2": 4, "t3": 2}[kept]


def test_intermediate_values_that_are_used_elsewhere_stay():
    g = Builder()
    half = g("Mul", "x", 0.5)
    y = g("Mul", half, g("Add", g("Erf", g("Div", "x", ROOT_TWO)), 1.0))
    original = g.model(g("Sub", y, half))
    model, _ = replace_gelu(original)
    assert op_types(model.graph) == ["Mul", "gelu", "Sub"]
    assert len(model.graph.initializer) == 1
    np.testing.assert_array_equal(evaluate(model)[0], gelu_fast.gelu(X) - X * np.float32(0.5))


def test_what_was_not_used_before_stays():
    g = Builder()
    g("Abs", "x")
    g.constant(7.0)
    model, _ = replace_gelu(g.model(write_quick(g)))
    assert op_types(model.graph) == ["Abs", "gelu_quick"]
    assert len(model.graph.initializer) == 1


def test_two_gelus_share_constants_and_their_erf():
    g = Builder()
    half, root, one = (g.constant(value) for value in (0.5, ROOT_TWO, 1.0))
    one_plus = g("Add", g("Erf", g("Div", "x", root)), one)
    first = g("Mul", g("Mul", "x", half), one_plus)
    second = g("Mul", half, g("Mul", "x", one_plus))
    third = g("Mul", g("Mul", first, half), g("Add", g("Erf", g("Div", first, root)), one))
    model, counts = replace_gelu(g.model(g("Add", second, third)))
    assert counts == {"gelu": 3}
    assert op_types(model.graph) == ["gelu", "gelu", "gelu", "Add"]
    y = gelu_fast.gelu(X)
    np.testing.assert_array_equal(evaluate(model)[0], y + gelu_fast.gelu(y))


def test_polynomials_of_high_degree_are_given_up():
    g = Builder()
    power = "x"
    for _ in range(8):  # expands to more than a million terms
        power = g("Pow", g("Add", power, g("Mul", "x", "x")), 3.0)
    refuses(g, g("Mul", "x", g("Sigmoid", power)))


def test_root_of_a_negative_number():
    g = Builder()
    refuses(g, g("Mul", "x", g("Sigmoid", g("Mul", "x", g("Sqrt", -2.0)))))


def test_x_is_itself_arithmetic():
    g = Builder()
    x = g("Add", g("Mul", g("Abs", "x"), 3.0), "x")
    one_plus = g("Add", g("Erf", g("Div", x, ROOT_TWO)), 1.0)
    model, _ = replace_gelu(g.model(g("Mul", g("Mul", x, 0.5), one_plus)))
    assert op_types(model.graph) == ["Abs", "Mul", "Add", "gelu"]
    expected = gelu_fast.gelu(np.abs(X) * np.float32(3) + X)
    np.testing.assert_array_equal(evaluate(model)[0], expected)


def test_long_chains_of_arithmetic():
    g = Builder()
    x = "x"
    for _ in range(3000):  # deeper than Python's recursion limit
        x = g("Add", x, "x")
    y = g("Mul", x, g("Sigmoid", g("Mul", x, 1.702)))
    for _ in range(40):
        y = g("Mul", y, y)
    _, counts = replace_gelu(g.model(y))
    assert counts == {"gelu_quick": 1}


SUBGRAPHS = """
<ir_version: 8, opset_import: ["": 17]>
agraph (float[N, 4] x, bool condition) => (float[N, 4] y)
<float half = {0.5}, float root = {1.4142135}, float alpha = {1.702}, float one = {1.0}>
{
    shared = Div(x, root)
    y = If (condition) <
        then_branch = g1 () => (float[N, 4] y_then) {
            erf = Erf(shared)
            one_plus = Add(erf, one)
            scaled = Mul(x, half)
            y_then = Mul(scaled, one_plus)
        },
        else_branch = g2 () => (float[N, 4] y_else) {
            inner = Mul(x, alpha)
            sigmoid = Sigmoid(inner)
            y_else = Mul(x, sigmoid)
        }
    >
}
"""


def test_subgraphs_with_constants_outside():
    # x / sqrt(2) is computed outside the branch, so the formula is split over two graphs
    with pytest.warns(UserWarning, match="Erf -> erf"):
        model, counts = replace_gelu(parser.parse_model(SUBGRAPHS))
    assert counts == {"gelu_quick": 1}
    assert {tensor.name for tensor in model.graph.initializer} == {"half", "root", "one"}
    onnx.checker.check_model(model, full_check=True)
    inside = SUBGRAPHS.replace("shared = Div(x, root)", "").replace(
        "erf = Erf(shared)", "argument = Div(x, root) erf = Erf(argument)"
    )
    model, counts = replace_gelu(parser.parse_model(inside))
    assert counts == {"gelu": 1, "gelu_quick": 1}
    assert list(model.graph.initializer) == []
    onnx.checker.check_model(model, full_check=True)
    for condition, function in ((True, gelu_fast.gelu), (False, gelu_fast.gelu_quick)):
        (y,) = evaluate(model, condition=np.array(condition))
        np.testing.assert_array_equal(y, function(X))


def test_intermediate_values_that_a_subgraph_uses_stay():
    model = parser.parse_model("""
    <ir_version: 8, opset_import: ["": 17]>
    agraph (float[N, 4] x, bool condition) => (float[N, 4] y, float[N, 4] z)
    <float alpha = {1.702}>
    {
        inner = Mul(x, alpha)
        sigmoid = Sigmoid(inner)
        y = Mul(x, sigmoid)
        z = If (condition) <
            then_branch = g1 () => (float[N, 4] a) { a = Neg(sigmoid) },
            else_branch = g2 () => (float[N, 4] inner_else) { inner_else = Identity(x) }
        >
    }
    """)
    new, _ = replace_gelu(model)
    assert op_types(new.graph) == ["Mul", "Sigmoid", "gelu_quick", "If"]
    for condition in (True, False):
        condition = np.array(condition)
        expected = evaluate(model, condition=condition)[1]
        np.testing.assert_array_equal(evaluate(new, condition=condition)[1], expected)


def test_intermediate_value_that_is_the_output_of_a_subgraph_stays():
    model = parser.parse_model("""
    <ir_version: 8, opset_import: ["": 17]>
    agraph (float[N, 4] x, bool condition) => (float[N, 4] y, float[N, 4] z)
    <float alpha = {1.702}>
    {
        inner = Mul(x, alpha)
        sigmoid = Sigmoid(inner)
        y = Mul(x, sigmoid)
        z = If (condition) <
            then_branch = g1 () => (float[N, 4] sigmoid) { },
            else_branch = g2 () => (float[N, 4] x) { }
        >
    }
    """)
    new, _ = replace_gelu(model)
    assert op_types(new.graph) == ["Mul", "Sigmoid", "gelu_quick", "If"]


def test_loop():
    model = parser.parse_model("""
    <ir_version: 8, opset_import: ["": 17]>
    agraph (float[N, 4] x, int64 count) => (float[N, 4] y)
    {
        yes = Constant<value = bool {1}>()
        y = Loop (count, yes, x) <
            body = b (int64 i, bool go_on, float[N, 4] state) => (bool again, float[N, 4] next) {
                again = Identity(go_on)
                alpha = Constant<value = float {1.702}>()
                inner = Mul(state, alpha)
                sigmoid = Sigmoid(inner)
                next = Mul(state, sigmoid)
            }
        >
    }
    """)
    model, counts = replace_gelu(model)
    assert counts == {"gelu_quick": 1}
    onnx.checker.check_model(model, full_check=True)
    (y,) = evaluate(model, count=np.array(2))
    np.testing.assert_array_equal(y, gelu_fast.gelu_quick(gelu_fast.gelu_quick(X)))


FUNCTIONS = """
<ir_version: 8, opset_import: ["": 17, "pkg": 1]>
agraph (float[N, 4] x) => (float[N, 4] y) { h = pkg.gelu(x) y = pkg.swish<alpha: float = 1.702>(h) }
<domain: "pkg", opset_import: ["": 17]>
gelu (x) => (y) {
    root = Constant<value = float {1.4142135}>()
    root_as_x = CastLike(root, x)
    argument = Div(x, root_as_x)
    erf = Erf(argument)
    one = Constant<value = float {1.0}>()
    one_as_x = CastLike(one, x)
    one_plus = Add(one_as_x, erf)
    product = Mul(x, one_plus)
    half = Constant<value = float {0.5}>()
    half_as_x = CastLike(half, x)
    y = Mul(half_as_x, product)
}
<domain: "pkg", opset_import: ["": 17]>
swish <alpha> (x) => (y) {
    factor = Constant<value_float: float = @alpha>()
    factor_as_x = CastLike(factor, x)
    inner = Mul(x, factor_as_x)
    sigmoid = Sigmoid(inner)
    y = Mul(x, sigmoid)
}
"""


def test_model_local_functions():
    model, counts = replace_gelu(parser.parse_model(FUNCTIONS))
    assert counts == {"gelu": 1}  # swish's attribute is known only to its callers
    gelu, swish = model.functions
    assert op_types(gelu) == ["gelu"]
    for proto in (model, gelu):
        assert DOMAIN in [opset.domain for opset in proto.opset_import]
    assert DOMAIN not in [opset.domain for opset in swish.opset_import]
    onnx.checker.check_model(model)
    expected = gelu_fast.gelu_quick(gelu_fast.gelu(X))  # after inlining, alpha is known
    np.testing.assert_array_equal(reference_evaluator(model).run(None, {"x": X})[0], expected)


def test_function_of_the_name_of_a_known_node():
    model = parser.parse_model("""
    <ir_version: 8, opset_import: ["": 17, "com.microsoft": 1]>
    agraph (float[N, 4] x) => (float[N, 4] y) { y = com.microsoft.Gelu(x) }
    <domain: "com.microsoft", opset_import: ["": 17]>
    Gelu (x) => (y) { y = Neg(x) }
    """)
    with pytest.raises(ValueError, match="no GELU"):
        replace_gelu(model)


def test_constants_that_are_no_numbers():
    text = """
    <ir_version: 8, opset_import: ["": 17]>
    agraph (float[N, 4] x) => (float[N, 4] y) {
        a = Constant<value_strings = ["1.702"]>()
        inner = Mul(x, a)
        sigmoid = Sigmoid(inner)
        y = Mul(x, sigmoid)
    }
    """
    with pytest.raises(ValueError, match="no GELU"):
        replace_gelu(parser.parse_model(text))


def test_model_of_com_microsoft_alone():
    model, _ = replace_gelu(
        parser.parse_model("""
    <ir_version: 8, opset_import: ["com.microsoft": 1]>
    agraph (float[N, 4] x, float[4] b) => (float[N, 4] y) { y = com.microsoft.BiasGelu(x, b) }
    """)
    )
    onnx.checker.check_model(model, full_check=True)
    b = np.float32([1, 2, 3, 4])
    np.testing.assert_array_equal(evaluate(model, b=b)[0], gelu_fast.gelu(X + b))


def test_initializers_that_callers_may_override():
    g = Builder()
    model = g.model(write_quick(g))
    (alpha,) = model.graph.initializer
    model.graph.input.append(helper.make_tensor_value_info(alpha.name, TensorProto.FLOAT, []))
    with pytest.raises(ValueError, match="no GELU"):
        replace_gelu(model)
    model.ir_version = 3  # up to this version every initializer is also an input, and is constant
    new, counts = replace_gelu(model)
    assert counts == {"gelu_quick": 1}
    assert new.graph.input == model.graph.input
    assert new.graph.initializer == model.graph.initializer
    onnx.checker.check_model(new, full_check=True)


def test_types_after_the_gelu_are_known():
    g = Builder()
    hidden = g("Gelu", g("FastGelu", "x", domain="com.microsoft"))
    shape = g("Shape", hidden)
    model = g.model(g("Reshape", g("Neg", hidden), shape))
    assert not any(value.name == "t1" for value in model.graph.value_info)
    new, _ = replace_gelu(model)
    onnx.checker.check_model(new, full_check=True)
    types = {
        value.name: value.type.tensor_type
        for value in onnx.shape_inference.infer_shapes(new, strict_mode=True).graph.value_info
    }
    for name in ("t0", "t1", "t3"):
        assert types[name].elem_type == TensorProto.FLOAT
        assert [dim.dim_param or dim.dim_value for dim in types[name].shape.dim] == ["n", 4]


def test_stale_value_info_is_removed():
    g = Builder()
    model = onnx.shape_inference.infer_shapes(g.model(write_quick(g)))
    assert {value.name for value in model.graph.value_info} == {"t0", "t1"}
    new, _ = replace_gelu(model)
    assert list(new.graph.value_info) == []


def test_twice():
    g = Builder()
    once, counts = replace_gelu(g.model(write_quick(g)))
    twice, counts_of_twice = replace_gelu(once)
    assert twice == once
    assert counts_of_twice == counts


@pytest.mark.parametrize("load", [str, Path, onnx.load], ids=["str", "Path", "ModelProto"])
def test_paths_with_external_data(tmp_path, load):
    g = Builder()
    weights = np.arange(4096, dtype=np.float32).reshape(4, 1024) / 4096
    g.initializers.append(numpy_helper.from_array(weights, "w"))
    product = g("MatMul", "x", "w")
    y = g("Mul", product, g("Sigmoid", g("Mul", product, 1.702)))
    g.initializers.append(numpy_helper.from_array(np.array([-1, 1024]), "shape"))
    model = g.model(g("Reshape", y, "shape"), output_shape=("n", 1024))
    path = tmp_path / "model.onnx"
    onnx.save(model, path, save_as_external_data=True, location="weights", size_threshold=0)
    new, counts = replace_gelu(load(path))
    assert counts == {"gelu_quick": 1}
    np.testing.assert_array_equal(evaluate(new)[0], gelu_fast.gelu_quick(X @ weights))
    pytest.importorskip("onnxruntime_extensions")
    session = inference_session(load(path))
    (result,) = session.run(None, {"x": X})
    np.testing.assert_allclose(result, gelu_fast.gelu_quick(X @ weights), rtol=1e-4, atol=1e-30)


@pytest.mark.parametrize("model", [None, b"", 3, [Path("model.onnx")]])
@pytest.mark.parametrize("function", [replace_gelu, reference_evaluator, inference_session])
def test_what_is_no_model(function, model):
    if function is inference_session:
        pytest.importorskip("onnxruntime")
    with pytest.raises(TypeError, match=r"a path or an onnx.ModelProto, not "):
        function(model)


def test_no_gelu():
    g = Builder()
    model = g.model(g("Relu", "x"))
    with pytest.raises(ValueError, match="no GELU that is known"):
        replace_gelu(model)
    pytest.importorskip("onnxruntime")
    with pytest.raises(ValueError, match="no GELU that is known"):
        inference_session(model)


@pytest.mark.parametrize("package", ["onnx", "onnxruntime", "onnxruntime_extensions"])
def test_missing_package(package):
    for needed in {"onnx", "onnxruntime"} - {package}:
        pytest.importorskip(needed)
    code = f"""
import sys
sys.modules[{package!r}] = None  # as if it were not installed
try:
    import gelu_fast.onnx
    gelu_fast.onnx.session_options()
except ImportError as error:
    print(error)
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert package in result.stdout


# ONNX Runtime


WRITE = {
    "gelu": lambda g: g("Gelu", "x"),
    "gelu_tanh": lambda g: g("FastGelu", "x", domain="com.microsoft"),
    "gelu_quick": write_quick,
}


@pytest.mark.parametrize("function", WRITE)
@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=lambda d: d.__name__)
@pytest.mark.parametrize("shape", [(), (0, 3), (5,), (3, 1, 4), (100_000,)], ids=str)
def test_session_gives_the_bits_of_gelu_fast(runtime, function, dtype, shape, rng):
    x = np.asarray(rng.normal(0, 6, shape), dtype)
    if shape == (5,):
        x[:] = [np.nan, -np.inf, np.inf, -0.0, -13]
    before = x.copy()
    g = Builder(dtype, input_shape=[f"n{i}" for i in range(x.ndim)])
    (y,) = inference_session(g.model(WRITE[function](g))).run(None, {"x": x})
    assert y.dtype == dtype
    assert y.shape == shape
    np.testing.assert_array_equal(y, getattr(gelu_fast, function)(x))
    np.testing.assert_array_equal(np.signbit(y), np.signbit(getattr(gelu_fast, function)(x)))
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("function", WRITE)
@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_session_with_every_number_of_16_bits(runtime, function, name):
    """Results are rounded once, from float32, so within 0.51 ULP."""
    dtype = dtype_of_16_bits(name)
    bits = np.arange(65536, dtype=np.uint16)
    g = Builder(dtype, input_shape=("n",))
    session = inference_session(g.model(WRITE[function](g)))
    # bfloat16 needs OrtValues
    value = runtime.OrtValue.ortvalue_from_numpy_with_onnx_type(bits, g.type)
    (result,) = session.run_with_ort_values(None, {"x": value})
    assert result.element_type() == g.type
    x = bits.view(dtype)
    y = np.frombuffer(ctypes.string_at(result.data_ptr(), bits.nbytes), dtype)
    with np.errstate(invalid="ignore"):  # signaling NaN
        exact = getattr(gelu_fast, function)(x.astype(float))
        expected = getattr(gelu_fast, function)(x).astype(float)
        y = y.astype(float)
    is_finite = np.isfinite(y)
    np.testing.assert_array_equal(y[~is_finite], expected[~is_finite])
    mantissa, least = {"float16": (11, -24), "bfloat16": (8, -133)}[name]
    exponent = np.frexp(exact[is_finite])[1] - mantissa
    unit = np.ldexp(1.0, np.maximum(exponent, least))
    assert (np.abs(y[is_finite] - exact[is_finite]) / unit).max() <= 0.51


def test_session_with_functions_subgraphs_and_16_bits(runtime):
    text = FUNCTIONS.replace("float[N", "float16[N")
    (y,) = inference_session(parser.parse_model(text)).run(None, {"x": X.astype(np.float16)})
    expected = gelu_fast.gelu_quick(gelu_fast.gelu(X.astype(np.float16)))
    np.testing.assert_allclose(y.astype(float), expected.astype(float), rtol=2e-3, atol=1e-7)
    for name, dtype in (("float", np.float32), ("float16", np.float16)):
        model = parser.parse_model(SUBGRAPHS.replace("float[N", f"{name}[N"))
        for tensor in model.graph.initializer:
            value = numpy_helper.to_array(tensor).astype(dtype)
            tensor.CopyFrom(numpy_helper.from_array(value, tensor.name))
        feeds = {"x": X.astype(dtype), "condition": np.array(False)}
        with pytest.warns(UserWarning, match="Erf -> erf"):
            (y,) = inference_session(model).run(None, feeds)
        expected = gelu_fast.gelu_quick(X.astype(dtype))
        np.testing.assert_allclose(y, expected, rtol=0 if dtype == np.float32 else 1e-3, atol=0)


def test_session_with_bias_refuses_other_shapes(runtime):
    """The error must be a Python exception: one raised in a Python operator ends the process."""
    g = Builder(input_shape=("n", "m"))
    g.initializers.append(numpy_helper.from_array(np.float32([1, 2, 3, 4]), "b"))
    session = inference_session(g.model(g("BiasGelu", "x", "b", domain="com.microsoft")))
    np.testing.assert_array_equal(
        session.run(None, {"x": X})[0], gelu_fast.gelu(X + np.float32([1, 2, 3, 4]))
    )
    with pytest.raises(Exception, match=r"axis == 1|broadcast"):
        session.run(None, {"x": np.ones((2, 3), np.float32)})


@pytest.mark.parametrize(
    ("make", "arrays"),
    # evaluator: the result. ONNX Runtime: the copy of x, and the result that it returns.
    [(reference_evaluator, 1), (inference_session, 2)],
)
def test_copies(runtime, make, arrays):
    """Only the copies that the docs page names are made; a list of Python numbers takes eight."""
    g = Builder(input_shape=("n",))
    runner = make(g.model(g("Gelu", "x")))
    x = np.ones(1 << 20, np.float32)
    runner.run(None, {"x": x})
    tracemalloc.start()
    try:
        runner.run(None, {"x": x})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < (arrays + 0.1) * x.nbytes


@pytest.mark.parametrize(("function", "fused"), [("gelu", "BiasGelu"), ("gelu_quick", "QuickGelu")])
def test_what_onnxruntime_itself_makes_of_a_gelu(runtime, tmp_path, function, fused):
    g = Builder()
    b = np.float32([1, 2, 3, 4])
    g.initializers.append(numpy_helper.from_array(b, "b"))
    x = g("Add", g("Abs", "x"), "b")
    y = {
        "gelu": lambda: g("Mul", g("Mul", x, g("Add", g("Erf", g("Div", x, ROOT_TWO)), 1.0)), 0.5),
        "gelu_quick": lambda: g("Mul", x, g("Sigmoid", g("Mul", x, 1.702))),
    }[function]()
    options = runtime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "fused.onnx")
    runtime.InferenceSession(g.model(y).SerializeToString(), options)
    assert fused in op_types(onnx.load(options.optimized_model_filepath).graph)
    session = inference_session(options.optimized_model_filepath)
    expected = getattr(gelu_fast, function)(np.abs(X) + b)
    np.testing.assert_array_equal(session.run(None, {"x": X})[0], expected)


def test_options_and_a_model_that_was_saved(runtime, tmp_path):
    g = Builder()
    model, _ = replace_gelu(g.model(write_quick(g)))
    path = tmp_path / "model.onnx"
    onnx.save(model, path)
    options = session_options()
    options.intra_op_num_threads = 1
    sessions = [
        runtime.InferenceSession(path, options),
        inference_session(path, options, providers=["CPUExecutionProvider"]),
        inference_session(model, options),
    ]
    for session in sessions:
        assert session.get_session_options().intra_op_num_threads == 1
        np.testing.assert_array_equal(session.run(None, {"x": X})[0], gelu_fast.gelu_quick(X))


def test_options_without_our_operators(runtime):
    """The operators are registered once, if needed; the options can be reused."""
    g = Builder()
    model = g.model(write_quick(g))
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    replaced, _ = replace_gelu(model)
    sessions = [
        inference_session(model, options),
        inference_session(model, options),
        runtime.InferenceSession(replaced.SerializeToString(), options),
    ]
    session_options()  # from now on the library has our operators
    options = runtime.SessionOptions()
    options.register_custom_ops_library(
        pytest.importorskip("onnxruntime_extensions").get_library_path()
    )
    sessions.append(inference_session(model, options))
    for session in sessions:
        np.testing.assert_array_equal(session.run(None, {"x": X})[0], gelu_fast.gelu_quick(X))


def test_other_faults_of_a_model_are_told(runtime):
    g = Builder()
    model = g.model(write_quick(g))
    model.graph.node.append(helper.make_node("other", ["x"], ["z"], domain="elsewhere"))
    model.opset_import.append(helper.make_opsetid("elsewhere", 1))
    with pytest.raises(Exception, match="elsewhere:other"):
        inference_session(model, runtime.SessionOptions())


def test_session_in_threads(runtime, rng):
    g = Builder(input_shape=("n",))
    session = inference_session(g.model(write_quick(g)))
    arrays = [rng.normal(0, 5, n).astype(np.float32) for n in (10, 1000, 200_000, 7) * 10]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda x: session.run(None, {"x": x})[0], arrays))
    for x, y in zip(arrays, results, strict=True):
        np.testing.assert_array_equal(y, gelu_fast.gelu_quick(x))


def test_tail_that_onnxruntime_loses(runtime):
    g = Builder(input_shape=("n",))
    model = g.model(g("Gelu", "x"))
    x = np.float32([-13, -10, -7, -np.inf])
    (ours,) = inference_session(model).run(None, {"x": x})
    (theirs,) = runtime.InferenceSession(model.SerializeToString()).run(None, {"x": x})
    np.testing.assert_array_equal(ours, gelu_fast.gelu(x))
    assert not np.any(ours[:3] == 0)
    assert np.all((theirs == 0) | np.isnan(theirs))  # otherwise the docs page is out of date


# magika's model: its GELUs are in the tanh form, as JAX and tf2onnx write it


class GlobalMaxPool(OpRun):
    """Replaces ReferenceEvaluator's, which reduces (n, channels, length) along the wrong axis."""

    op_domain = ""

    def _run(self, x):
        return (x.max(axis=tuple(range(2, x.ndim)), keepdims=True),)


@pytest.fixture
def magika_model():
    magika = pytest.importorskip("magika")
    (path,) = Path(magika.__file__).parent.glob("models/*/model.onnx")
    return path


def magika_input():
    """Return files of this repository as magika reads them: 1024 bytes from each end."""
    rows = []
    for path in sorted(Path(gelu_fast.__file__).parent.glob("*.py"))[:4]:
        content = path.read_bytes().strip()
        ends = [content[:1024].ljust(1024, b"\0"), content[-1024:].rjust(1024, b"\0")]
        rows.append(np.frombuffer(b"".join(ends), np.uint8).astype(np.int32))
    return np.stack(rows)


def test_magika(runtime, magika_model):
    model, counts = replace_gelu(magika_model)
    assert counts == {"gelu_tanh": 2}
    original = onnx.load(magika_model)
    assert len(model.graph.node) == len(original.graph.node) - 2 * 8
    assert not any(node.op_type == "Tanh" for node in model.graph.node)
    onnx.checker.check_model(model, full_check=True)
    feeds = {"bytes": magika_input()}
    expected = runtime.InferenceSession(magika_model).run(None, feeds)[0]
    by_session = inference_session(magika_model).run(None, feeds)[0]
    by_evaluator = reference_evaluator(magika_model, [GlobalMaxPool]).run(None, feeds)[0]
    # Each layer sums some hundred float32 terms: 16 * 2^-24 per step gives 1e-5 in the softmax.
    for result in (by_session, by_evaluator):
        np.testing.assert_array_equal(result.argmax(1), expected.argmax(1))
        np.testing.assert_allclose(result, expected, rtol=0, atol=1e-5)
    assert (expected.max(1) > 0.9).all()  # the model recognizes these files
