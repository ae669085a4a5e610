// gelu_fast from C++17, on the columns of a std::vector, with the ISA and the number of threads set by hand.
#include "gelu_fast.h"

#include <cstdio>
#include <vector>

int main() {
    const std::size_t rows = 3, columns = 4;
    std::vector<float> x(rows * columns, -1.0f);
    const gelu_fast_operand every_other_column = {x.data(), columns, 2};
    const gelu_fast_operand operands[] = {every_other_column, every_other_column}; // in place

    if (gelu_fast_set_num_threads(1) != 0 || gelu_fast_set_isa("baseline") != 0)
        return 1;
    if (gelu_fast_compute(GELU_FAST_GELU_TANH, GELU_FAST_F32, GELU_FAST_DEFAULT, rows, columns / 2,
                          operands) != 0)
        return 1;
    for (std::size_t i = 0; i < rows; i++)
        std::printf("%.6f %.6f %.6f %.6f\n", x[i * columns], x[i * columns + 1], x[i * columns + 2],
                    x[i * columns + 3]);
}
