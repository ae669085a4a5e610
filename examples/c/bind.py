"""gelu_fast by ctypes: how a language without C's preprocessor calls the shared library.

cmake -S src -B build/cmake -DBUILD_SHARED_LIBS=ON && cmake --build build/cmake
python examples/c/bind.py build/cmake/libgelu_fast.so
"""

import ctypes
import sys
from array import array

F64 = 3  # enum gelu_fast_dtype: these numbers never change
DEFAULT = 0  # enum gelu_fast_tier


class Operand(ctypes.Structure):
    """``gelu_fast_operand``: data, and the steps from row to row and within a row, in elements."""

    _fields_ = (
        ("data", ctypes.c_void_p),
        ("row_step", ctypes.c_ssize_t),
        ("step", ctypes.c_ssize_t),
    )


library = ctypes.CDLL(sys.argv[1])
library.gelu_fast_compute.argtypes = (
    *[ctypes.c_int] * 3, *[ctypes.c_size_t] * 2, ctypes.POINTER(Operand),
)  # fmt: skip


def operand(numbers: array, row_step: int) -> Operand:
    return Operand(numbers.buffer_info()[0], row_step, 1)


rows, columns = 2, 3
x = array("d", [-1, 0, 1, -1, 0, 1])
bias = array("d", [1, 1, 1])
y = array("d", [0] * 6)
function = library.gelu_fast_find_function(b"bias_gelu")
operands = (Operand * 3)(operand(x, columns), operand(bias, 0), operand(y, columns))
if library.gelu_fast_compute(function, F64, DEFAULT, rows, columns, operands) != 0:
    sys.exit("this library has no bias_gelu")
for row in range(rows):
    print(*(f"{number:.4f}" for number in y[row * columns : (row + 1) * columns]))
