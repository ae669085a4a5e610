/* Random search for coefficients near the fitted ones that make the worst error of a float32 kernel
 * smaller, rounding errors of the evaluation included. Built and run by refine_coefficients.py,
 * which puts before it: the coefficient tables without `const`, FUNCTION, the kernels of
 * "refined", LARGEST (the end of the range of t = -x), ROOT (where the function vanishes, or -1),
 * the list `candidates`.
 *
 * The measure is the 64-norm of the errors in ULP over a fixed sample: smoother than the maximum,
 * and close to it. A move changes one to four coefficients by a few units in the last place; it is
 * taken if the measure falls, or, early in the search, rises a little. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SAMPLE = 1 << 21 };
static float x[SAMPLE], y[SAMPLE];
static double exact[SAMPLE], per_ulp[SAMPLE];

static double reference(int function, double t) { /* at -t */
    const double density = exp(-t * t / 2) * 0.3989422804014327, tail = erfc(t * M_SQRT1_2) / 2;
    const double linear = 1.5957691216057308, cubic = linear * 0.044715;
    double z, t_slope;
    switch (function) {
    case FUNCTION_gelu:
        return -t * tail;
    case FUNCTION_gelu_grad:
        return tail - t * density;
    case FUNCTION_gelu_tanh_grad:
        z = t * (linear + cubic * t * t);
        t_slope = t * (linear + 3 * cubic * t * t);
        break;
    default:
        z = t_slope = 1.702 * t;
    }
    const double e = exp(-z);
    return e * (1 + e - t_slope) / ((1 + e) * (1 + e));
}

static double measure(double *largest) {
    double sum = 0;
    char *const operands[] = {(char *)x, (char *)y};
    gelu_fast_kernels_refined.kernels[TIER_default][FUNCTION][DTYPE_f32](operands, GELU_FAST_AHEAD,
                                                                         SAMPLE, 0);
    *largest = 0;
    for (int i = 0; i < SAMPLE; i++) {
        const double error = fabs(y[i] - exact[i]) * per_ulp[i];
        double power = error * error / 9; /* near 1 where it matters */
        *largest = error > *largest ? error : *largest;
        for (int k = 0; k < 5; k++)
            power *= power;
        sum += power;
    }
    return log(sum);
}

int main(int argc, char **argv) {
    const double seconds = argc > 1 ? atof(argv[1]) : 10;
    srand48(argc > 2 ? atol(argv[2]) : 1);
    for (int i = 0; i < SAMPLE; i++) {
        const double u = drand48();
        const double choices[] = {1e-4 * pow(LARGEST / 1e-4, u), LARGEST * u, 2 * u, 0.3 + 1.5 * u};
        const double t = (float)choices[i % 4];
        x[i] = (float)-t;
        exact[i] = reference(FUNCTION, t);
        const int exponent = ilogb(exact[i]) < -126 ? -126 : ilogb(exact[i]);
        /* The double reference itself cancels next to the root. */
        per_ulp[i] = fabs(t - ROOT) < 3e-6 ? 0 : ldexp(1, 23 - exponent);
    }
    double largest, best, current = measure(&largest);
    float kept[CANDIDATES], saved[CANDIDATES];
    for (int k = 0; k < CANDIDATES; k++)
        kept[k] = *candidates[k];
    best = current;
    fprintf(stderr, "fitted: worst of the sample %.3f ULP\n", largest);
    const clock_t start = clock();
    for (double elapsed = 0; elapsed < seconds;
         elapsed = (double)(clock() - start) / CLOCKS_PER_SEC) {
        const double temperature = 0.25 * (1 - elapsed / seconds);
        for (int k = 0; k < CANDIDATES; k++)
            saved[k] = *candidates[k];
        const int span = lrand48() % 4 == 0 ? 40 : 3;
        for (long moves = 1 + lrand48() % 4; moves > 0; moves--) {
            float *const candidate = candidates[lrand48() % CANDIDATES];
            for (long step = lrand48() % (2 * span + 1) - span; step != 0;
                 step -= step > 0 ? 1 : -1)
                *candidate = nextafterf(*candidate, step > 0 ? INFINITY : -INFINITY);
        }
        const double moved = measure(&largest);
        if (moved < current - temperature * log(drand48())) {
            current = moved;
            if (current < best) {
                best = current;
                for (int k = 0; k < CANDIDATES; k++)
                    kept[k] = *candidates[k];
            }
        } else {
            for (int k = 0; k < CANDIDATES; k++)
                *candidates[k] = saved[k];
        }
    }
    for (int k = 0; k < CANDIDATES; k++) {
        *candidates[k] = kept[k];
        printf("%a\n", kept[k]);
    }
    measure(&largest);
    fprintf(stderr, "refined: worst of the sample %.3f ULP\n", largest);
    return 0;
}
