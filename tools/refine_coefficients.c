/* Random search near the fitted coefficients for a smaller worst error of a kernel, rounding errors
 * of the evaluation included. Built and run by refine_coefficients.py, which puts before it: the
 * coefficient tables without `const`, real (float or double), the kernels of "refined", the list
 * `candidates` and MEASURE, the file that says what is measured.
 *
 * A move changes one to four coefficients by a few ULP. It is accepted if the measure falls or, early
 * in the search, rises a little. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define nextafter_of(a, b) (sizeof(real) == sizeof(float) ? nextafterf(a, b) : nextafter(a, b))
static double worst; /* what measure() reports, in its own unit */
#include MEASURE

int main(int argc, char **argv) {
    const double seconds = argc > 1 ? atof(argv[1]) : 10;
    srand48(argc > 2 ? atol(argv[2]) : 1);
    prepare();
    double current = measure(), best = current, kept_worst = worst;
    real kept[CANDIDATES], saved[CANDIDATES];
    for (int k = 0; k < CANDIDATES; k++)
        kept[k] = *candidates[k];
    fprintf(stderr, "fitted: worst %.3f\n", worst);
    const clock_t start = clock();
    for (double elapsed = 0; elapsed < seconds && best > goal;
         elapsed = (double)(clock() - start) / CLOCKS_PER_SEC) {
        const double temperature = first_temperature * (1 - elapsed / seconds);
        for (int k = 0; k < CANDIDATES; k++)
            saved[k] = *candidates[k];
        const int span = lrand48() % 4 == 0 ? 40 : 3;
        for (long moves = 1 + lrand48() % 4; moves > 0; moves--) {
            real *const candidate = candidates[lrand48() % CANDIDATES];
            for (long step = lrand48() % (2 * span + 1) - span; step != 0;
                 step -= step > 0 ? 1 : -1)
                *candidate = nextafter_of(*candidate, step > 0 ? INFINITY : -INFINITY);
        }
        const double moved = measure();
        if (moved < current - temperature * log(drand48())) {
            current = moved;
            if (current < best) {
                best = current;
                kept_worst = worst;
                for (int k = 0; k < CANDIDATES; k++)
                    kept[k] = *candidates[k];
            }
        } else {
            for (int k = 0; k < CANDIDATES; k++)
                *candidates[k] = saved[k];
        }
    }
    for (int k = 0; k < CANDIDATES; k++)
        printf("%a\n", kept[k]);
    fprintf(stderr, "refined: worst %.3f\n", kept_worst);
    return 0;
}
