"""GELU in ONNX models, computed by gelu_fast.

`replace_gelu` finds each GELU in a model, whether one node or a formula that an exporter wrote out,
and turns it into one node of the domain "gelu_fast", whose operators are gelu, gelu_tanh and
gelu_quick. `inference_session` and `reference_evaluator` also return what runs the model: ONNX
Runtime, or ONNX's own evaluator, which is written in NumPy.
"""

import functools
import math
import os
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

import gelu_fast
from gelu_fast._optional import require

if TYPE_CHECKING:
    import onnx
    import onnxruntime
else:
    onnx = require("onnx", "onnx")
    require("onnx.reference", "onnx")
    require("onnx.inliner", "onnx")

__all__ = [
    "DOMAIN",
    "OPERATORS",
    "inference_session",
    "reference_evaluator",
    "replace_gelu",
    "session_options",
]

DOMAIN = "gelu_fast"
_FUNCTIONS = ("gelu", "gelu_tanh", "gelu_quick")

# A polynomial in x and a transcendental function t of x: {(power of x, power of t): factor}
_Polynomial = dict[tuple[int, int], float]


class _Formula(NamedTuple):
    """A way to write GELU, where t is a transcendental function of `argument`."""

    argument: _Polynomial
    result: _Polynomial
    function: str


_LINEAR = math.sqrt(2 / math.pi)
_CUBIC = _LINEAR * 0.044715
_HALVES: _Polynomial = {(1, 0): 0.5, (1, 1): 0.5}  # x / 2 * (1 + t)
_FORMULAS = {
    "Erf": [
        _Formula({(1, 0): math.sqrt(0.5)}, _HALVES, "gelu"),
        # x / 2 * erfc(-x / sqrt(2)), as JAX has it: ONNX has no erfc
        _Formula({(1, 0): -math.sqrt(0.5)}, {(1, 0): 0.5, (1, 1): -0.5}, "gelu"),
    ],
    "Tanh": [_Formula({(1, 0): _LINEAR, (3, 0): _CUBIC}, _HALVES, "gelu_tanh")],
    "Sigmoid": [
        _Formula({(1, 0): 1.702}, {(1, 1): 1.0}, "gelu_quick"),
        # sigmoid(2 u) = (1 + tanh(u)) / 2
        _Formula({(1, 0): 2 * _LINEAR, (3, 0): 2 * _CUBIC}, {(1, 1): 1.0}, "gelu_tanh"),
    ],
}
_CASTS = ("Cast", "CastLike")
_UNARY = ("Neg", "Sqrt", "Reciprocal", "Identity", *_CASTS)
_ARITHMETIC = ("Add", "Sum", "Sub", "Mul", "Div", "Pow", *_UNARY)
_DEPTH = 16  # of operators from x to t, and from t to the result: 6, and casts around each

# Relative tolerance of a factor: exporters write 0.7071 and 1.4142, and 16 bits hold no more.
_TOLERANCE = 1e-4
_EPSILON = {onnx.TensorProto.FLOAT16: 2.0**-10, onnx.TensorProto.BFLOAT16: 2.0**-7}
_SMALL = 1024  # elements; constants and shapes have at most as many, weights have more
_FLOATS = (*_EPSILON, onnx.TensorProto.FLOAT, onnx.TensorProto.DOUBLE)
_NUMBERS = (*_FLOATS, onnx.TensorProto.INT32, onnx.TensorProto.INT64)


def _are_close(a: _Polynomial | None, b: _Polynomial, tolerance: float) -> bool:
    return (
        a is not None
        and a.keys() == b.keys()
        and all(abs(a[powers] - b[powers]) <= tolerance * abs(b[powers]) for powers in b)
    )


def _multiply(a: _Polynomial, b: _Polynomial) -> _Polynomial:
    product: _Polynomial = {}
    for (i, j), p in a.items():
        for (k, m), q in b.items():
            product[i + k, j + m] = product.get((i + k, j + m), 0.0) + p * q
    return product


def _compute(operator: str, a: _Polynomial, b: _Polynomial) -> _Polynomial | None:
    """Apply an operator; return None if the result is not a polynomial of low degree."""
    result: _Polynomial | None = None
    constant = b.get((0, 0), 0.0) if b.keys() <= {(0, 0)} else None
    if operator in ("Add", "Sum", "Sub"):
        sign = -1.0 if operator == "Sub" else 1.0
        result = {k: a.get(k, 0.0) + sign * b.get(k, 0.0) for k in a.keys() | b.keys()}
    elif operator == "Mul":
        result = _multiply(a, b)
    elif operator == "Div" and constant:
        result = {powers: factor / constant for powers, factor in a.items()}
    elif operator == "Pow" and constant in (2.0, 3.0):
        result = functools.reduce(_multiply, [a] * int(constant))
    elif operator == "Neg":
        result = {powers: -factor for powers, factor in a.items()}
    elif operator == "Sqrt" and constant and constant > 0:
        result = {(0, 0): math.sqrt(constant)}
    elif operator == "Reciprocal" and constant:
        result = {(0, 0): 1 / constant}
    elif operator in ("Identity", *_CASTS):
        result = a
    if result is None or any(i > 3 or j > 1 for i, j in result):
        return None
    return {powers: factor for powers, factor in result.items() if factor}


def _domain(proto: Any) -> str:
    return "" if proto.domain == "ai.onnx" else proto.domain


def _graphs(node: "onnx.NodeProto") -> Iterator["onnx.GraphProto"]:
    for attribute in node.attribute:
        if attribute.HasField("g"):
            yield attribute.g
        yield from attribute.graphs


def _nodes(body: Any) -> Iterator["onnx.NodeProto"]:
    """Yield the nodes of a graph or function, and of nested graphs."""
    for node in body.node:
        yield node
        for graph in _graphs(node):
            yield from _nodes(graph)


def _uses(nodes: Any) -> Counter[str]:
    """Count how often nodes and nested graphs use each name."""
    uses: Counter[str] = Counter()
    for node in nodes:
        uses.update(node.input)
        for graph in _graphs(node):
            uses.update(_uses(graph.node))
            uses.update(value.name for value in graph.output)
    return uses


def _is_arithmetic(node: "onnx.NodeProto") -> bool:
    return node.op_type in _ARITHMETIC and not _domain(node)


def _named_gelu(node: "onnx.NodeProto") -> str | None:
    """Return the function that a node computes if its operator is a GELU."""
    if any(attribute.ref_attr_name for attribute in node.attribute):
        return None  # in a model-local function: only its callers know the value
    values = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    match _domain(node), node.op_type:
        case (domain, name) if domain == DOMAIN and name in _FUNCTIONS:
            return str(name)
        case ("", "Gelu"):
            forms = {b"none": "gelu", b"tanh": "gelu_tanh"}
            return forms.get(values.get("approximate", b"none"))
        case ("com.microsoft", "Gelu" | "BiasGelu"):
            return "gelu"
        case ("com.microsoft", "FastGelu"):
            return "gelu_tanh"
        case ("com.microsoft", "QuickGelu") | ("", "Swish"):
            alpha = values.get("alpha", 1.702 if node.op_type == "QuickGelu" else 1.0)
            return "gelu_quick" if abs(alpha - 1.702) <= _TOLERANCE * 1.702 else None
    return None


class _Settings(NamedTuple):
    has_16_bits: bool  # whether the operators take float16 and bfloat16
    overridable: bool  # whether an initializer that is an input too is only a default
    local_functions: set[tuple[str, str]]
    left: list[str]  # operators and outputs of what looks like a GELU but was not found


class _Body:
    """A graph or function body that is being rewritten, and the graph around it."""

    def __init__(self, body: Any, inferred: Any, settings: _Settings, outer: "_Body | None" = None):
        self.body = body
        self.inferred = inferred
        self.settings = settings
        self.outer = outer
        self.is_graph = isinstance(body, onnx.GraphProto)
        self.inputs = {value.name for value in body.input} if self.is_graph else set(body.input)
        self.initializers = {t.name: t for t in body.initializer} if self.is_graph else {}
        self.producers = {name: node for node in body.node for name in node.output}
        self.consumers: dict[str, list[onnx.NodeProto]] = {}
        for node in body.node:
            for name in node.input:
                self.consumers.setdefault(name, []).append(node)
        self.types: dict[str, onnx.TypeProto.Tensor] = {}
        if self.is_graph:
            for value in (*inferred.value_info, *inferred.input, *inferred.output):
                self.types[value.name] = value.type.tensor_type
        # Nodes to insert before and after each GELU, by the name of its result
        self.before: dict[str, list[onnx.NodeProto]] = {}
        self.after: dict[str, list[onnx.NodeProto]] = {}

    def rewrite(self) -> None:
        used = self.uses()
        for node, twin in zip(self.body.node, self.inferred.node, strict=True):
            for graph, inferred in zip(_graphs(node), _graphs(twin), strict=True):
                _Body(graph, inferred, self.settings, self).rewrite()
            if (_domain(node), node.op_type) in self.settings.local_functions:
                continue  # rewritten where it is defined
            if set(node.output) & self.before.keys():
                continue  # replaced already
            if function := _named_gelu(node):
                self.replace(node, function, *filter(None, node.input))
            elif node.op_type in _FORMULAS and not _domain(node) and (found := self.find(node)):
                while found:
                    self.replace(*found)
                    found = self.find(node)
            elif self.resembles_gelu(node):
                self.settings.left.append(f"{node.op_type} -> {node.output[0]}")
        self.tidy(used)

    def replace(self, node: "onnx.NodeProto", function: str, x: str, bias: str = "") -> None:
        """Make `node` the GELU of `x`, or of `x + bias`."""
        y = node.output[0]
        known = self.type(x)
        before: list[onnx.NodeProto] = []
        after: list[onnx.NodeProto] = []
        if bias:  # added by a separate node, so that the runtime checks the shapes
            before.append(onnx.helper.make_node("Add", [x, bias], [f"gelu_fast/{y}/sum"]))
            x = before[-1].output[0]
        dtype = known.elem_type
        if dtype in _EPSILON and not self.settings.has_16_bits:
            x32, y32 = f"gelu_fast/{y}/x", f"gelu_fast/{y}/y"
            before.append(onnx.helper.make_node("Cast", [x], [x32], to=onnx.TensorProto.FLOAT))
            after.append(onnx.helper.make_node("Cast", [y32], [y], to=dtype))
            x, node.output[0] = x32, y32
        self.before[node.output[0]], self.after[node.output[0]] = before, after
        node.domain, node.op_type = DOMAIN, function
        node.input[:] = [x]
        del node.attribute[:]
        # Shape inference does not know the operator, and later nodes need the type.
        if dtype and self.is_graph:
            typed = {value.name for value in (*self.body.value_info, *self.body.output)}
            if y not in typed:
                self.body.value_info.add(name=y, type={"tensor_type": known})

    def find(self, node: "onnx.NodeProto") -> tuple["onnx.NodeProto", str, str] | None:
        """Return the last node of a GELU written with `node`, its function and its x."""
        argument, t = node.input[0], node.output[0]
        for x in dict.fromkeys(self.sources(argument)):
            # A constant that does not broadcast to x would change the shape of the result. An x of
            # unknown shape is assumed to have at least one axis.
            known = self.type(x)
            self.shape = [k.dim_value for k in known.shape.dim] if known.HasField("shape") else [0]
            dtype = known.elem_type
            # The dtypes to which x may be cast without loss; none if its dtype is unknown
            self.wider = {dtype, *_FLOATS[2:]} if dtype in _FLOATS[:3] else {dtype} & {*_FLOATS}
            self.tolerance = _TOLERANCE
            self.polynomials: dict[str, _Polynomial | None] = {x: {(1, 0): 1.0}}
            inner = self.polynomial(argument, _DEPTH)
            for formula in _FORMULAS[node.op_type]:
                if not _are_close(inner, formula.argument, self.tolerance):
                    continue
                self.polynomials[t] = {(0, 1): 1.0}
                for last in self.followers(t):
                    value = self.polynomial(last.output[0], _DEPTH)
                    dtypes = {dtype, self.type(last.output[0]).elem_type} - {0}  # 0 is unknown
                    if len(dtypes) < 2 and _are_close(value, formula.result, self.tolerance):
                        return last, formula.function, x
        return None

    def sources(self, name: str) -> Iterator[str]:
        """Yield the names from which arithmetic computes `name`, the nearest first."""
        names = [name]
        for _ in range(_DEPTH):
            nodes = [self.producers[k] for k in names if k in self.producers]
            inputs = (k for node in nodes if _is_arithmetic(node) for k in node.input)
            names = list(dict.fromkeys(inputs))
            yield from names

    def followers(self, name: str) -> Iterator["onnx.NodeProto"]:
        """Yield the nodes of arithmetic that use `name`, and those that use them, and so on."""
        names = [name]
        for _ in range(_DEPTH):
            nodes = [node for k in names for node in self.consumers.get(k, ())]
            nodes = [node for node in nodes if _is_arithmetic(node)]
            yield from nodes
            names = list(dict.fromkeys(node.output[0] for node in nodes))

    def polynomial(self, name: str, depth: int) -> _Polynomial | None:
        """Return the tensor `name` as a polynomial in x and t, or None if it is not one."""
        if name not in self.polynomials:
            value: _Polynomial | None = None
            node = self.producers.get(name)
            if (tensor := self.constant(name)) is not None:
                sizes = zip(tensor.dims[::-1], self.shape[::-1], strict=False)
                if len(tensor.dims) <= len(self.shape) and all(n in (1, of_x) for n, of_x in sizes):
                    self.tolerance = max(self.tolerance, _EPSILON.get(tensor.data_type, 0.0))
                    factor = float(onnx.numpy_helper.to_array(tensor).flat[0])
                    value = {(0, 0): factor} if factor else {}
            elif node is not None and _is_arithmetic(node) and depth:
                cast = node.op_type in _CASTS
                inputs = node.input[:1] if cast else node.input
                operands: list[Any] = [self.polynomial(k, depth - 1) for k in inputs]
                if None not in operands and (not cast or self.type(name).elem_type in self.wider):
                    operands *= 2 if node.op_type in _UNARY else 1
                    value = functools.reduce(functools.partial(_compute, node.op_type), operands)
            self.polynomials[name] = value
        return self.polynomials[name]

    def resembles_gelu(self, node: "onnx.NodeProto") -> bool:
        """Return whether the name or factors of a node that was not found suggest a GELU."""
        if node.op_type not in ("Tanh", "Sigmoid"):
            return node.op_type == "Erf" or "gelu" in node.op_type.lower()
        factors = [f for formula in _FORMULAS[node.op_type] for f in formula.argument.values()]
        names = self.sources(node.input[0])
        tensors = [self.initializers.get(name) or self.constant(name) for name in names]
        numbers = [onnx.numpy_helper.to_array(t).flat[0] for t in tensors if t and _is_number(t)]
        return bool(np.isclose(np.c_[numbers], [0.044715, *factors], rtol=0.01, atol=0).any())

    def constant(self, name: str) -> "onnx.TensorProto | None":
        """Return the tensor `name` if the model fixes it and its elements are all equal."""
        if name in self.producers:
            node = self.producers[name]
            if _domain(node) or any(attribute.ref_attr_name for attribute in node.attribute):
                return None
            if (
                node.op_type == "Cast"
                and onnx.helper.get_node_attr_value(node, "to") not in _FLOATS
            ):
                return None  # 0.5 may have become 0
            if node.op_type in ("Identity", "Cast", "CastLike"):
                return self.constant(node.input[0])
            if node.op_type != "Constant":
                return None
            attribute = node.attribute[0]
            value = onnx.helper.get_attribute_value(attribute)
            if attribute.name in ("value_float", "value_floats", "value_int", "value_ints"):
                value = onnx.numpy_helper.from_array(np.array(value))
            return value if _is_number(value) else None
        if name in self.initializers:
            tensor = self.initializers[name]
            is_fixed = name not in self.inputs or not self.settings.overridable
            return tensor if is_fixed and _is_number(tensor) else None
        return self.outer.constant(name) if self.outer and name not in self.inputs else None

    def type(self, name: str) -> "onnx.TypeProto.Tensor":
        if name in self.types or self.outer is None:
            return self.types.get(name, onnx.TypeProto.Tensor())
        return self.outer.type(name)

    def uses(self) -> Counter[str]:
        outputs = (value.name if self.is_graph else value for value in self.body.output)
        return _uses(self.body.node) + Counter(outputs)

    def tidy(self, used: Counter[str]) -> None:
        """Insert the new nodes and remove what is no longer used."""
        nodes = []
        for node in self.body.node:
            name = node.output[0] if node.output else ""
            nodes += [*self.before.get(name, ()), node, *self.after.get(name, ())]
        del self.body.node[:]
        self.body.node.extend(nodes)
        uses = self.uses()
        for i in reversed(range(len(nodes))):
            names = [name for name in nodes[i].output if name]
            if any(used[name] for name in names) and not any(uses[name] for name in names):
                uses -= _uses([nodes[i]])
                del self.body.node[i]
        for values in (self.body.initializer, self.body.value_info) if self.is_graph else ():
            for i in reversed(range(len(values))):
                name = values[i].name
                if used[name] and not uses[name] and name not in self.inputs:
                    del values[i]


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, onnx.TensorProto)
        and value.data_type in _NUMBERS
        and math.prod(value.dims) <= _SMALL
        and not value.external_data
        and len({*onnx.numpy_helper.to_array(value).flat}) == 1
    )


def _infer_types(
    model: "onnx.ModelProto", local_functions: set[tuple[str, str]]
) -> "onnx.GraphProto":
    """Return a copy of the graph with inferred types and without its large weights.

    Each GELU is an Identity in the copy, because shape inference always knows that.
    """
    graph = onnx.GraphProto(name=model.graph.name)
    for field in ("node", "input", "output", "value_info"):
        getattr(graph, field).extend(getattr(model.graph, field))
    inputs = {value.name for value in model.graph.input}
    for tensor in model.graph.initializer:
        if math.prod(tensor.dims) <= _SMALL and not tensor.external_data:
            graph.initializer.append(tensor)  # it may be a shape
        elif tensor.name not in inputs:
            value = onnx.helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims)
            graph.input.append(value)
    for node in _nodes(graph):
        if (_domain(node), node.op_type) not in local_functions and _named_gelu(node):
            node.domain, node.op_type = "", "Identity"
            del node.input[1:], node.attribute[:]
    skeleton = onnx.ModelProto(ir_version=model.ir_version, graph=graph)
    skeleton.opset_import.extend(model.opset_import)
    skeleton.functions.extend(model.functions)
    _import_domain(skeleton, "", 14)
    return onnx.shape_inference.infer_shapes(skeleton).graph


def _import_domain(proto: Any, domain: str, version: int) -> None:
    if domain not in map(_domain, proto.opset_import):
        proto.opset_import.append(onnx.helper.make_opsetid(domain, version))


def _rewrite(model: "onnx.ModelProto", has_16_bits: bool, stacklevel: int) -> dict[str, int]:
    """Replace every GELU of `model` in place; return how many there are now, by function."""
    settings = _Settings(
        has_16_bits=has_16_bits,
        overridable=model.ir_version >= 4,
        local_functions={(_domain(function), function.name) for function in model.functions},
        left=[],
    )
    _Body(model.graph, _infer_types(model, settings.local_functions), settings).rewrite()
    for function in model.functions:
        _Body(function, function, settings).rewrite()
    counts: Counter[str] = Counter()
    for proto, body in ((model, model.graph), *((f, f) for f in model.functions)):
        found = Counter(node.op_type for node in _nodes(body) if node.domain == DOMAIN)
        if found:
            _import_domain(proto, DOMAIN, 1)
            _import_domain(proto, "", 14)  # for Add and Cast, which a contrib model may lack
        counts += found
    left = f"not replaced, though it looks like a GELU's: {', '.join(settings.left)}"
    if not counts:
        raise ValueError(
            "the model has no GELU that is known: no node Gelu, FastGelu or BiasGelu, no QuickGelu "
            "or Swish with alpha 1.702, and no formula of one with Erf, Tanh or Sigmoid"
            + (f"; {left}" if settings.left else "")
        )
    if settings.left:
        warnings.warn(left, stacklevel=stacklevel)
    _import_domain(model, DOMAIN, 1)
    return dict(counts)


def _load_small_tensors(model: "onnx.ModelProto", directory: str) -> None:
    """Load what may be a factor or a shape: shape inference needs it, also in ONNX Runtime."""
    graphs = [model.graph, *(graph for node in _nodes(model.graph) for graph in _graphs(node))]
    for tensor in (tensor for graph in graphs for tensor in graph.initializer):
        if tensor.external_data and math.prod(tensor.dims) <= _SMALL:
            onnx.external_data_helper.load_external_data_for_tensor(tensor, directory)
            tensor.data_location = onnx.TensorProto.DEFAULT
            del tensor.external_data[:]


def _load(model: Any, load_external_data: bool) -> tuple["onnx.ModelProto", str]:
    """Return a copy of the model, and the directory of the tensors that were not loaded."""
    if isinstance(model, onnx.ModelProto):
        copy = onnx.ModelProto()
        copy.CopyFrom(model)
        return copy, ""
    if isinstance(model, str | os.PathLike):
        path = os.fspath(model)
        loaded = onnx.load(path, load_external_data=load_external_data)
        directory = os.path.dirname(os.path.abspath(path))
        _load_small_tensors(loaded, directory)
        return loaded, directory
    raise TypeError(f"a model is a path or an onnx.ModelProto, not {type(model).__name__}")


def replace_gelu(
    model: "onnx.ModelProto | str | os.PathLike[str]",
) -> tuple["onnx.ModelProto", dict[str, int]]:
    """Return a copy of a model whose GELUs are nodes of the domain "gelu_fast", and their number.

    These are replaced in the graph, nested graphs (If, Loop, Scan) and model-local functions:

    - nodes Gelu (of ONNX and com.microsoft), FastGelu and BiasGelu, and QuickGelu and Swish with
      alpha 1.702; a bias is added by a node Add
    - x / 2 * (1 + erf(x / sqrt(2))), x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))) and
      x * sigmoid(1.702 * x), and anything that is the same polynomial in x and erf, tanh or
      sigmoid: operands in any order, products for powers, division for multiplication, Sum for
      Add, casts of x to a wider dtype and back, and so on

    The relative error of a factor may be 1e-4, or the rounding error of its own dtype if that is
    float16 or bfloat16. Nodes that only a replaced GELU used are removed; intermediate values that
    are used elsewhere, or are outputs of the graph, stay. A warning names what looks like a GELU
    but was not replaced: ``Erf -> erf_1`` is an operator and its output.

    The error is that of `gelu_fast.gelu`, `gelu_fast.gelu_tanh` and `gelu_fast.gelu_quick`.

    Parameters
    ----------
    model : onnx.ModelProto or path
        Stays as it is. A path is loaded with its external data.

    Returns
    -------
    model : onnx.ModelProto
        To run it, a runtime needs the operators: see `reference_evaluator`, `session_options`.
    counts : dict
        The number of nodes of each function: ``{"gelu_tanh": 2}``.

    Raises
    ------
    ValueError
        If the model has no GELU that is known.
    TypeError
        If `model` is neither a ModelProto nor a path.

    Examples
    --------
    >>> import gelu_fast.onnx
    >>> from onnx.parser import parse_model
    >>> header = '<ir_version: 10, opset_import: ["": 20]>'
    >>> model = parse_model(header + "graph (float[n] x) => (float[n] y) { y = Gelu(x) }")
    >>> replaced, counts = gelu_fast.onnx.replace_gelu(model)
    >>> counts
    {'gelu': 1}
    """
    loaded, _ = _load(model, load_external_data=True)
    counts = _rewrite(loaded, has_16_bits=True, stacklevel=3)
    return loaded, counts


def _operator(name: str) -> Any:
    function = getattr(gelu_fast, name)

    def run(self: Any, x: Any) -> tuple[Any]:
        return (np.asarray(function(x)),)  # a scalar for an array without axes

    base = onnx.reference.op_run.OpRun
    members = {"op_domain": DOMAIN, "_run": run, "__module__": __name__}
    return type(name, (base,), {**members, "__doc__": f"gelu_fast.{name} as an operator."})


OPERATORS = [_operator(name) for name in _FUNCTIONS]
"""The operators, for ``onnx.reference.ReferenceEvaluator(model, new_ops=OPERATORS)``.

ONNX does not hand them on to model-local functions; `reference_evaluator` inlines these.
"""


def _load_to_run(
    model: Any, load_external_data: bool, has_16_bits: bool
) -> tuple["onnx.ModelProto", str]:
    loaded, directory = _load(model, load_external_data)
    if loaded.functions:
        loaded = onnx.inliner.inline_local_functions(loaded)
    _rewrite(loaded, has_16_bits, stacklevel=4)
    return loaded, directory


def reference_evaluator(
    model: "onnx.ModelProto | str | os.PathLike[str]",
    new_ops: Sequence[Any] = (),
    **options: Any,
) -> Any:
    """Return ONNX's ReferenceEvaluator for a model whose GELUs are computed by gelu_fast.

    The model is rewritten as by `replace_gelu`, if it is not yet; model-local functions are
    inlined. Each GELU reads the evaluator's array and writes a new one: nothing is copied.

    Parameters
    ----------
    model : onnx.ModelProto or path
        Stays as it is. A path is loaded with its external data.
    new_ops : sequence
        More operators, as for ``onnx.reference.ReferenceEvaluator``.
    **options
        For ``onnx.reference.ReferenceEvaluator``, such as ``verbose``.

    Returns
    -------
    onnx.reference.ReferenceEvaluator
        float16, bfloat16, float32 and float64 are computed by gelu_fast's own loops.

    Raises
    ------
    ValueError
        If the model has no GELU that is known.
    TypeError
        If `model` is neither a ModelProto nor a path.
    """
    loaded, _ = _load_to_run(model, load_external_data=True, has_16_bits=True)
    evaluator = onnx.reference.ReferenceEvaluator
    return evaluator(loaded, new_ops=[*OPERATORS, *new_ops], **options)


class _Result(np.ndarray[Any, Any]):
    """An array that onnxruntime-extensions takes as it is.

    Of others it calls ``result.flatten().tolist()`` and turns the list into an array, which takes
    two hundred times as long as the GELU.
    """

    def flatten(self, order: Any = "C") -> Any:
        return self

    def tolist(self) -> Any:
        return self


@functools.cache
def _register_operators() -> str:
    """Declare the operators, once per process; return the path of the library that has them."""
    extensions = require("onnxruntime_extensions", "onnx")

    # An exception here would end the process. The array is a copy made by onnxruntime-extensions,
    # so the result may overwrite it.
    def run(function: np.ufunc, x: Any) -> Any:
        return function(x, out=x).view(_Result)

    for name in _FUNCTIONS:
        for dtype in (extensions.PyOp.dt_float, extensions.PyOp.dt_double):
            declare = extensions.onnx_op(
                op_type=f"{DOMAIN}::{name}", inputs=[dtype], outputs=[dtype]
            )
            declare(functools.partial(run, getattr(gelu_fast, name)))
    return str(extensions.get_library_path())


def session_options() -> "onnxruntime.SessionOptions":
    """Return session options with which ONNX Runtime knows the domain "gelu_fast".

    The library of onnxruntime-extensions is registered in them, with all of its operators. ONNX
    Runtime refuses options in which it is registered twice.

    Returns
    -------
    onnxruntime.SessionOptions
        The operators take float32 and float64; `inference_session` casts float16 and bfloat16.
    """
    options = require("onnxruntime", "onnx").SessionOptions()
    options.register_custom_ops_library(_register_operators())
    return options


def inference_session(
    model: "onnx.ModelProto | str | os.PathLike[str]",
    sess_options: "onnxruntime.SessionOptions | None" = None,
    **options: Any,
) -> "onnxruntime.InferenceSession":
    """Return an ONNX Runtime session whose GELUs are computed by gelu_fast.

    The model is rewritten as by `replace_gelu`, if it is not yet; model-local functions are
    inlined. float16 and bfloat16 are cast to float32 and back around each GELU, which rounds once,
    as gelu_fast does.

    onnxruntime-extensions copies the input and the result of each GELU, and holds the GIL while it
    does.

    Parameters
    ----------
    model : onnx.ModelProto or path
        External data of a path stays on disk for ONNX Runtime to map.
    sess_options : onnxruntime.SessionOptions, optional
        The operators are registered in them, unless they already are.
    **options
        For ``onnxruntime.InferenceSession``, such as ``providers``.

    Returns
    -------
    onnxruntime.InferenceSession

    Raises
    ------
    ValueError
        If the model has no GELU that is known.
    TypeError
        If `model` is neither a ModelProto nor a path.
    """
    runtime = require("onnxruntime", "onnx")
    loaded, directory = _load_to_run(model, load_external_data=False, has_16_bits=False)
    sess_options = sess_options or session_options()
    if directory:
        sess_options.add_session_config_entry(
            "session.model_external_initializers_file_folder_path", directory
        )
    content = loaded.SerializeToString()
    # The options do not tell whether they have the operators, and must not get them twice.
    try:
        return runtime.InferenceSession(content, sess_options, **options)
    except Exception as error:
        if f"{DOMAIN}:" not in str(error) or "not a registered" not in str(error):
            raise
    sess_options.register_custom_ops_library(_register_operators())
    return runtime.InferenceSession(content, sess_options, **options)
