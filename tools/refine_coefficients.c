/* Random search near the fitted coefficients for a smaller worst error of a kernel, rounding errors
 * of the evaluation included. Built and run by refine_coefficients.py, which puts before it: the
 * coefficient tables without `const`, real (float or double), DTYPE, FUNCTION, the kernels of
 * "refined", LARGEST (the end of the range of t = -x), ROOT (where the function vanishes, or -1),
 * and the list `candidates`.
 *
 * The measure is the 64-norm of the errors in ULP over a fixed sample, which is smoother than the
 * maximum and close to it. Most of the sample has a result just below a power of two, where an ULP
 * is smallest: the errors of all inputs are rarely larger elsewhere. A move changes one to four
 * coefficients by a few ULP. It is accepted if the measure falls or, early in the search, rises a
 * little. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define nextafter_of(a, b) (sizeof(real) == sizeof(float) ? nextafterf(a, b) : nextafter(a, b))
enum {
    DIGITS = sizeof(real) == sizeof(float) ? FLT_MANT_DIG : DBL_MANT_DIG,
    LEAST = sizeof(real) == sizeof(float) ? FLT_MIN_EXP : DBL_MIN_EXP,
};

enum { SAMPLE = 1 << (sizeof(real) == sizeof(float) ? 22 : 21) };
static real x[SAMPLE], y[SAMPLE], value[SAMPLE];
static long double exact[SAMPLE];
static double per_ulp[SAMPLE];

static long double reference(int function, long double t) { /* at -t */
    const long double density = expl(-t * t / 2) * 0.398942280401432677939946L;
    const long double tail = erfcl(t * 0.707106781186547524400844L) / 2;
    const long double linear = 1.595769121605730711759784L, cubic = linear * 0.044715L;
    long double z, t_slope;
    switch (function) {
    case FUNCTION_gelu:
        return -t * tail;
    case FUNCTION_gelu_grad:
        return tail - t * density;
    case FUNCTION_gelu_tanh_grad:
    case FUNCTION_gelu_tanh_value_and_grad:
        z = t * (linear + cubic * t * t);
        t_slope = t * (linear + 3 * cubic * t * t);
        break;
    default:
        z = t_slope = 1.702L * t;
    }
    const long double e = expl(-z);
    return e * (1 + e - t_slope) / ((1 + e) * (1 + e));
}

static double measure(double *largest) {
    double sum = 0;
    const int returns_value = FUNCTION == FUNCTION_gelu_tanh_value_and_grad;
    char *const operands[] = {(char *)x, returns_value ? (char *)value : (char *)y, (char *)y};
    gelu_fast_kernels_refined.kernels[TIER_default][FUNCTION][DTYPE](operands, GELU_FAST_AHEAD,
                                                                     SAMPLE, 0);
    *largest = 0;
    for (int i = 0; i < SAMPLE; i++) {
        const double error = fabs((double)(y[i] - exact[i])) * per_ulp[i];
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
        real t;
        int exponent;
        do {
            const double u = drand48();
            const double choices[] = {1e-4 * pow(LARGEST / 1e-4, u), LARGEST * u, 2 * u,
                                      exp2(7 * u - 7),
                                      fabs(ROOT) * (1 + copysign(exp2(-8 * u), drand48() - 0.5))};
            t = (real)choices[i % 5];
            exact[i] = reference(FUNCTION, t);
        } while (fabsl(frexpl(exact[i], &exponent)) < 0.92L && lrand48() % 16 != 0);
        x[i] = -t;
        /* The reference itself cancels next to the root. Subnormal results do not count. */
        const int is_precise = fabs(t - ROOT) >= (DIGITS == 24 ? 3e-6 : 0.02);
        per_ulp[i] = is_precise && exponent >= LEAST ? ldexp(1, DIGITS - exponent) : 0;
    }
    double largest, best, current = measure(&largest);
    real kept[CANDIDATES], saved[CANDIDATES];
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
            real *const candidate = candidates[lrand48() % CANDIDATES];
            for (long step = lrand48() % (2 * span + 1) - span; step != 0;
                 step -= step > 0 ? 1 : -1)
                *candidate = nextafter_of(*candidate, step > 0 ? INFINITY : -INFINITY);
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
