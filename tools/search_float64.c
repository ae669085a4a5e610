/* Searches float64 inputs for the kernels' largest errors. Built and run by search_float64.py,
 * which writes the reference's tables and the points to look at:
 *
 *     search run DIRECTORY COUNT WITH_FMA QUANTITY...    prints a JSON object a line
 *     search reference DIRECTORY FUNCTION <inputs        prints the reference's value at each
 *     search round DIRECTORY STRIDE WITH_FMA FUNCTION... for sweep_correct_rounding.py: checks the correctly
 *                                                        rounded float32 results of one input in STRIDE
 *
 * The reference is a table of Taylor polynomials of the function, without exponentials, divisions
 * or the kernels' coefficients. Their first three terms are summed as two doubles (Dekker, Knuth),
 * so the result has 60 bits or more. Segments are scaled so that x and f(x) are near 1, be they
 * subnormal or 1e300. Around each root lies one where errors are relative to d = x - root, in three
 * parts. The search narrows down: cells that cover every finite x but 0; the worst eighth of them,
 * halved, with more inputs in each, and so on; the neighbourhoods of the points; and a climb from
 * the worst inputs by single and pairs of powers of two ULP. Drawing in the worst intervals finds
 * the most. */
#include "dispatch.h"

#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 1024, ACCURATE = 3, REST = 13, CELLS = 8, ROUNDS = 6, CLIMBS = 1024, KEPT = 16 };
enum { ROOM = 1 << 16 }; /* findings, before all but CLIMBS are dropped */

/* The doubles that search_float64.py writes, in its order. */
typedef struct {
    double first, last; /* first <= x < last */
    double x_scale[2];  /* powers of two: x times both is near 1, or counts half widths */
    double centre[3];   /* in these units, the largest part first */
    double y_scale[2]; /* powers of two: f(x) times both is near 1, if it is no less than 2^-1074 */
    double smallest_normal;                           /* its biased exponent, scaled so */
    double high[ACCURATE], low[ACCURATE], rest[REST]; /* the coefficients, scaled so */
} segment;

typedef struct {
    segment *segments;
    size_t count;
} table;

typedef struct {
    double error, x;
} finding;

typedef struct {
    const segment *in;
    double first, last;
    finding worst;
} cell;

static gelu_fast_kernel *kernel, *twin, *value_kernel; /* twin: of another ISA, for the same bits */
static int outputs;
static _Atomic uint64_t inputs_done, differences;

/* The worst inputs so far, and the error that one has to exceed to be among them. */
static finding found[ROOM];
static size_t found_count;
static double least;

static uint64_t bits_of(double v) {
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    return bits;
}

static double from_bits(uint64_t bits) {
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

/* An integer that orders as the double does. */
static int64_t order_of(double x) {
    const int64_t magnitude = (int64_t)(bits_of(x) & INT64_MAX);
    return signbit(x) ? -magnitude : magnitude;
}

static double at_order(int64_t order) {
    return order < 0 ? -from_bits((uint64_t)-order) : from_bits((uint64_t)order);
}

static uint64_t random_bits(uint64_t i) { /* splitmix64, Steele, Lea and Flood 2014 */
    i *= 0x9e3779b97f4a7c15u;
    i = (i ^ (i >> 30)) * 0xbf58476d1ce4e5b9u;
    i = (i ^ (i >> 27)) * 0x94d049bb133111ebu;
    return i ^ (i >> 31);
}

/* The function at x, times the scale of y, as a sum of two doubles. */
static inline void reference(const segment *s, double x, double *high, double *low) {
    const double d = x * s->x_scale[0] * s->x_scale[1] - s->centre[0]; /* exact */
    const double u = d - s->centre[1], u_low = ((d - u) - s->centre[1]) - s->centre[2];
    double h = s->rest[REST - 1], l = 0;
#pragma GCC unroll 16
    for (int k = REST - 2; k >= 0; k--)
        h = __builtin_fma(h, u, s->rest[k]);
#pragma GCC unroll 4
    for (int k = ACCURATE - 1; k >= 0; k--) {
        const double product = h * u;
        const double product_low = __builtin_fma(h, u, -product) + (h * u_low + l * u);
        const double sum = s->high[k] + product, part = sum - product;
        l = ((product - (sum - part)) + (s->high[k] - part)) + (product_low + s->low[k]);
        h = sum;
    }
    *high = h + l;
    *low = (h - *high) + l;
}

/* The bits of |y - f(x)| in ULP of f(x): as integers they order as the errors do, and NaN lies
 * above them all. */
static void measure(const segment *s, const double *restrict x, const double *restrict y,
                    uint64_t *restrict errors) {
    const int64_t smallest = (int64_t)s->smallest_normal;
    for (int i = 0; i < BATCH; i++) {
        double high, low;
        reference(s, x[i], &high, &low);
        const double off = (y[i] * s->y_scale[0] * s->y_scale[1] - high) - low;
        uint64_t bits, low_bits, per_ulp_bits, error_bits;
        memcpy(&bits, &high, sizeof bits);
        memcpy(&low_bits, &low, sizeof low_bits);
        /* Where the value lies just below a power of two, `high` may be that power. */
        const uint64_t is_below = (bits ^ low_bits) >> 63 & (low_bits << 1 != 0);
        int64_t exponent = (int64_t)(((bits & INT64_MAX) - is_below) >> 52);
        exponent = exponent > smallest ? exponent : smallest;
        double per_ulp;
        per_ulp_bits = (uint64_t)(2 * 1023 + 52 - exponent) << 52;
        memcpy(&per_ulp, &per_ulp_bits, sizeof per_ulp);
        const double error = fabs(off) * per_ulp;
        memcpy(&error_bits, &error, sizeof error_bits);
        errors[i] = error_bits;
    }
}

static int by_error(const void *a, const void *b) { /* the largest first, equal inputs together */
    const finding *p = a, *q = b;
    if (p->error != q->error)
        return p->error < q->error ? 1 : -1;
    return (p->x > q->x) - (p->x < q->x);
}

/* Keeps the `most` largest, each input once. */
static void prune(size_t most) {
    size_t kept = 0;
    qsort(found, found_count, sizeof *found, by_error);
    for (size_t i = 0; i < found_count && kept < most; i++)
        if (kept == 0 || found[i].x != found[kept - 1].x)
            found[kept++] = found[i];
    found_count = kept;
    least = kept == most ? found[kept - 1].error : -1;
}

static void add(finding new) {
#pragma omp critical
    {
        if (found_count == ROOM)
            prune(CLIMBS);
        found[found_count++] = new;
    }
}

/* All x of a batch lie in one segment. */
static finding judge(const segment *s, double *x, int checks) {
    double y[2][BATCH], other[2][BATCH];
    uint64_t errors[BATCH], worst = 0;
    char *const operands[] = {(char *)x, (char *)y[0], (char *)y[1]};
    char *const other_operands[] = {(char *)x, (char *)other[0], (char *)other[1]};
    kernel(operands, GELU_FAST_AHEAD, BATCH, 0);
    measure(s, x, y[outputs - 1], errors);
    if (checks && twin != NULL) {
        twin(other_operands, GELU_FAST_AHEAD, BATCH, 0);
        for (int k = 0; k < outputs; k++)
            differences += memcmp(y[k], other[k], sizeof y[k]) != 0;
    }
    if (checks && outputs == 2) { /* the value must be that of the function that returns only it */
        value_kernel(other_operands, GELU_FAST_AHEAD, BATCH, 0);
        differences += memcmp(y[0], other[0], sizeof y[0]) != 0;
    }
    for (int i = 0; i < BATCH; i++)
        worst = errors[i] > worst ? errors[i] : worst;
    int at = 0;
    while (errors[at] != worst)
        at++;
    const finding largest = {from_bits(worst), x[at]};
    if (largest.error > least)
        add(largest);
    inputs_done += BATCH;
    return largest;
}

static void keep_larger(finding *kept, finding found) {
    if (!(found.error <= kept->error))
        *kept = found;
}

/* Batches of random numbers in the cell; every second batch is of consecutive numbers. */
static void scan(cell *c, uint64_t batches, uint64_t seed) {
    const double width = c->last - c->first;
    c->worst = (finding){-1, c->first};
    for (uint64_t batch = 0; batch < batches; batch++) {
        double x[BATCH];
        for (int i = 0; i < BATCH; i++) {
            const uint64_t random = random_bits((seed + batch) * BATCH + (uint64_t)i);
            const double within = from_bits(random >> 12 | 0x3ff0000000000000) - 1;
            const double drawn = c->first + width * within;
            x[i] = drawn < c->last ? drawn : c->first;
        }
        if (batch % 2 == 1) {
            const int64_t start = order_of(x[0]);
            for (int i = 0; i < BATCH; i++) {
                const double next = at_order(start + i);
                x[i] = next < c->last ? next : x[0];
            }
        }
        keep_larger(&c->worst, judge(c->in, x, batch % 16 == 0));
    }
}

static const segment *segment_of(table t, double x) {
    size_t low = 0, high = t.count;
    while (high - low > 1) {
        const size_t middle = (low + high) / 2;
        if (t.segments[middle].first <= x)
            low = middle;
        else
            high = middle;
    }
    const segment *s = &t.segments[low];
    return x >= s->first && x < s->last ? s : NULL;
}

/* Neighbours of x in its segment, consecutive or at distances of every size. */
static void scan_around(const segment *s, double x, uint64_t batches, uint64_t seed) {
    const int64_t middle = order_of(x);
    for (uint64_t batch = 0; batch < batches; batch++) {
        double near[BATCH];
        for (int i = 0; i < BATCH; i++) {
            const uint64_t random = random_bits((seed + batch) * BATCH + (uint64_t)i);
            int64_t step = (int64_t)(random >> 12 >> random % 48);
            step = random >> 8 & 1 ? -step : step;
            if (batch % 2 == 0)
                step = (int64_t)(batch / 2 * (BATCH / 2)) * (i % 2 ? 1 : -1) + (i - BATCH / 2) / 2;
            const double moved = at_order(middle + step);
            near[i] = moved >= s->first && moved < s->last ? moved : x;
        }
        judge(s, near, batch % 16 == 0);
    }
}

/* Climbs by +-2^j and +-2^j +- 2^k ULP until nothing near is worse. */
static finding climb(const segment *s, finding start, uint64_t batches, uint64_t seed) {
    int stalled = 0;
    for (uint64_t batch = 0; batch < batches && stalled < 4; batch++) {
        double near[BATCH];
        const int64_t middle = order_of(start.x);
        for (int i = 0; i < BATCH; i++) {
            const uint64_t random = random_bits((seed + batch) * BATCH + (uint64_t)i);
            int64_t step = (int64_t)1 << (i < 96 ? i / 2 : (int)(random % 48));
            step = i % 2 ? step : -step;
            if (i >= 96)
                step += ((int64_t)1 << (random >> 16) % 48) * (random >> 32 & 1 ? 1 : -1);
            const double moved = at_order(middle + step);
            near[i] = moved >= s->first && moved < s->last ? moved : start.x;
        }
        const finding found = judge(s, near, batch % 16 == 0);
        stalled = found.error > start.error ? 0 : stalled + 1;
        keep_larger(&start, found);
    }
    return start;
}

static int by_worst(const void *a, const void *b) {
    return by_error(&((const cell *)a)->worst, &((const cell *)b)->worst);
}

static double *read_doubles(const char *directory, const char *name, const char *suffix,
                            size_t *count) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.%s", directory, name, suffix);
    FILE *const file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        perror(path);
        exit(2);
    }
    const size_t size = (size_t)ftell(file);
    rewind(file);
    double *const numbers = malloc(size);
    *count = fread(numbers, sizeof *numbers, size / sizeof *numbers, file);
    fclose(file);
    return numbers;
}

static table read_table(const char *directory, const char *function) {
    size_t count;
    segment *const segments = (segment *)read_doubles(directory, function, "segments", &count);
    return (table){segments, count / (sizeof(segment) / sizeof(double))};
}

static void search(table t, const double *points, size_t point_count, uint64_t count) {
    size_t cells = 0;
    cell *all = malloc(t.count * CELLS * sizeof *all);
    found_count = 0;
    least = -1;
    for (size_t i = 0; i < t.count; i++) {
        const segment *const s = &t.segments[i];
        /* In binades far from 1 the result is x, x/2, 0 or 1. */
        const int parts = fabs(s->first) > 0x1p-12 && fabs(s->first) < 0x1p9 ? CELLS : 1;
        for (int k = 0; k < parts; k++)
            all[cells++] = (cell){s,
                                  s->first + (s->last - s->first) * k / parts,
                                  s->first + (s->last - s->first) * (k + 1) / parts,
                                  {-1, 0}};
    }
    uint64_t seed = 1;
    for (int round = 0; round <= ROUNDS && cells > 0; round++) {
        const uint64_t part = round == 0 ? 4 : round < 4 ? 20 : 5;
        const uint64_t batches = (count / part / BATCH + cells - 1) / cells;
#pragma omp parallel for schedule(dynamic)
        for (size_t i = 0; i < cells; i++)
            scan(&all[i], batches, seed + i * batches);
        seed += cells * batches;
        qsort(all, cells, sizeof *all, by_worst);
        prune(CLIMBS);
        const size_t kept = cells / 8;
        cell *const halves = malloc((2 * kept + 1) * sizeof *halves);
        for (size_t i = 0; i < kept; i++) {
            const double middle = all[i].first + (all[i].last - all[i].first) / 2;
            halves[2 * i] = halves[2 * i + 1] = all[i];
            halves[2 * i].last = halves[2 * i + 1].first = middle;
        }
        free(all);
        all = halves;
        cells = 2 * kept;
    }
    free(all);

    const uint64_t around = count / 10 / BATCH / (point_count + 1) + 2;
#pragma omp parallel for schedule(dynamic)
    for (size_t i = 0; i < point_count; i++) {
        const segment *const s = segment_of(t, points[i]);
        if (s != NULL)
            scan_around(s, points[i], around, seed + i * around);
    }
    seed += point_count * around;

    const uint64_t steps = count / 10 / BATCH / CLIMBS + 2;
    finding starts[CLIMBS];
    prune(CLIMBS);
    const size_t climbs = found_count;
    memcpy(starts, found, climbs * sizeof *starts);
#pragma omp parallel for schedule(dynamic)
    for (size_t i = 0; i < climbs; i++) {
        const segment *const s = segment_of(t, starts[i].x);
        const finding top = climb(s, starts[i], steps, seed + i * 2 * steps);
        scan_around(s, top.x, steps, seed + (i * 2 + 1) * steps);
    }
    prune(KEPT);
}

static gelu_fast_kernel *find_kernel(const char *name, const char *isa) {
    const int function = gelu_fast_find_function(name);
    gelu_fast_set_isa(isa);
    return function < 0 ? NULL : gelu_fast_find_kernel(function, DTYPE_f64, TIER_default);
}

/* The unary function that is judged; for a value_and_grad, the derivative. */
static void split(const char *name, char *function, char *value) {
    const char *const both = strstr(name, "_value_and_grad");
    const int length = both == NULL ? (int)strlen(name) : (int)(both - name);
    sprintf(value, "%.*s", length, name);
    sprintf(function, "%.*s%s", length, name, both == NULL ? "" : "_grad");
}

static int run(const char *directory, uint64_t count, int with_fma, int names, char **name) {
    const char *isas[8], *const last_isa = "baseline";
    int isa_count = 0;
    for (const char *isa; (isa = gelu_fast_available_isa(isa_count)) != NULL; isa_count++)
        isas[isa_count] = isa;
#if defined(__x86_64__)
    const int same_bits = isa_count - 1; /* of the first ISAs; the baseline has no fma */
#else
    const int same_bits = isa_count;
#endif
    if (with_fma ? same_bits == 0 : same_bits == isa_count)
        return 0;
    const char *const isa = with_fma ? isas[0] : last_isa;
    const char *const other = with_fma && same_bits > 1 ? isas[1] : NULL;
    for (int i = 0; i < names; i++) {
        char function[64], value[64];
        split(name[i], function, value);
        outputs = strcmp(function, name[i]) == 0 ? 1 : 2;
        kernel = find_kernel(name[i], isa);
        value_kernel = find_kernel(value, isa);
        twin = other == NULL ? NULL : find_kernel(name[i], other);
        inputs_done = differences = 0;
        size_t point_count;
        double *const points = read_doubles(directory, function, "points", &point_count);
        const table t = read_table(directory, function);
        search(t, points, point_count, count);
        printf("{\"function\": \"%s\", \"fma\": %s, \"isa\": \"%s\", \"same_bits\": \"%s\", "
               "\"inputs\": %llu, "
               "\"differences\": %llu, \"worst\": [",
               name[i], with_fma ? "true" : "false", isa, other == NULL ? "" : other,
               (unsigned long long)inputs_done, (unsigned long long)differences);
        for (size_t k = 0; k < found_count; k++)
            printf("%s[\"%a\", %.4f]", k == 0 ? "" : ", ", found[k].x,
                   isfinite(found[k].error) ? found[k].error : 1e300);
        printf("]}\n");
        fflush(stdout);
        free(points);
        free(t.segments);
    }
    return 0;
}

/* Whether a float is nearest to the true value: 1, 0, or -1 if the reference cannot tell. `near` becomes 1 if
 * the true value lies within 2^-47 of the middle of two floats. */
static int is_nearest(const segment *s, int is_derivative, float x, float y, int *near) {
    *near = 0;
    if (fabsf(x) < 0x1p-64f) { /* f(x) = x / 2 + c x^2 + ..., 0 < c < 1 */
        if (is_derivative)
            return y == 0.5f;
        const double above = at_order(order_of((double)x / 2) + 1);
        return y == (float)above && !signbit(y) == !signbit(x);
    }
    double high, low;
    reference(s, (double)x, &high, &low);
    /* A middle has one bit more than a float, so all of this is exact. */
    const double value = (double)y, lower = (double)nextafterf(y, -INFINITY);
    const double upper = (double)nextafterf(y, INFINITY);
    const double below = (value + lower) / 2 * s->y_scale[0] * s->y_scale[1];
    const double above = (value + upper) / 2 * s->y_scale[0] * s->y_scale[1];
    const double to_below = (high - below) + low, to_above = (above - high) - low;
    const double nearer = to_below < to_above ? to_below : to_above;
    *near = fabs(nearer) < 0x1p-47 * fabs(high);
    const double sign = high == 0 ? x : high;
    if (!signbit(y) != !signbit(sign))
        return 0;
    return nearer > 0x1p-57 * fabs(high) ? 1 : nearer < -0x1p-57 * fabs(high) ? 0 : -1;
}

/* Whether y is certainly nearest, and the true value not within 2^-47 of the middle of two floats. Without
 * branches, for whole vectors; powers of two, whose neighbours differ in distance, are left to is_nearest. */
static inline int is_clear(const segment *s, float x, float y) {
    double high, low, ulp;
    uint32_t bits;
    reference(s, (double)x, &high, &low);
    memcpy(&bits, &y, sizeof bits);
    const uint32_t exponent = bits >> 23 & 255;
    const uint64_t ulp_bits = (uint64_t)((exponent > 1 ? exponent : 1) - 150 + 1023) << 52;
    memcpy(&ulp, &ulp_bits, sizeof ulp);
    const double scale = s->y_scale[0] * s->y_scale[1];
    const double off = fabs(((double)y * scale - high) - low);
    return (off < ulp * scale * (0.5 - 0x1p-21)) & ((bits << 9) != 0);
}

/* Checks one float32 input in `stride`, infinities and NaN aside, and prints those that are wrong, undecided,
 * or near the middle of two floats. */
static void check_rounding(table t, const char *function, uint64_t stride) {
    enum { BLOCK = 4096 };
    const uint64_t count = ((uint64_t)2 * 0x7f800000 + stride - 1) / stride;
    const int is_derivative = strstr(function, "_grad") != NULL;
    uint64_t wrong = 0;
#pragma omp parallel for schedule(dynamic) reduction(+ : wrong)
    for (uint64_t start = 0; start < count; start += BLOCK) {
        float x[BLOCK], y[BLOCK];
        const size_t n = count - start < BLOCK ? count - start : BLOCK;
        for (size_t i = 0; i < n; i++) {
            const uint64_t k = (start + i) * stride;
            const uint32_t bits =
                k < 0x7f800000 ? (uint32_t)k : (uint32_t)(k - 0x7f800000) | 0x80000000;
            memcpy(&x[i], &bits, sizeof bits);
        }
        char *const operands[] = {(char *)x, (char *)y};
        kernel(operands, GELU_FAST_AHEAD, n, 0);
        const segment *s = NULL;
        int clear[BLOCK] = {0};
        size_t done = 0; /* of `clear` */
        for (size_t i = 0; i < n; i++) {
            int near, answer;
            const int is_tiny = fabsf(x[i]) < 0x1p-64f;
            if (!is_tiny && i >= done) { /* as many as are in one segment */
                s = segment_of(t, (double)x[i]);
                for (done = n; segment_of(t, (double)x[done - 1]) != s;)
                    done = i + (done - i) / 2;
                for (size_t k = i; k < done; k++)
                    clear[k] = is_clear(s, x[k], y[k]);
            }
            if (clear[i])
                continue;
            answer = is_nearest(s, is_derivative, x[i], y[i], &near);
            wrong += answer == 0;
            if (near || answer != 1)
#pragma omp critical
                printf("%s %a %a\n",
                       answer == 1   ? "right"
                       : answer == 0 ? "wrong"
                                     : "undecided",
                       (double)x[i], (double)y[i]);
        }
    }
    printf("%s %llu %llu\n", function, (unsigned long long)count, (unsigned long long)wrong);
    fflush(stdout);
}

static int round_all(const char *directory, uint64_t stride, int with_fma, int names, char **name) {
    gelu_fast_set_isa(with_fma ? gelu_fast_available_isa(0) : "baseline");
    for (int i = 0; i < names; i++) {
        const table t = read_table(directory, name[i]);
        kernel = gelu_fast_find_kernel(gelu_fast_find_function(name[i]), DTYPE_f32,
                                       TIER_correctly_rounded);
        check_rounding(t, name[i], stride);
        free(t.segments);
    }
    return 0;
}

static int print_reference(const char *directory, const char *function) {
    const table t = read_table(directory, function);
    char line[64];
    while (fgets(line, sizeof line, stdin) != NULL) {
        double high, low;
        const double x = strtod(line, NULL);
        const segment *const s = segment_of(t, x);
        reference(s, x, &high, &low);
        printf("%a %a %a %a\n", high, low, s->y_scale[0], s->y_scale[1]);
    }
    return 0;
}

int main(int argc, char **argv) {
    if (argc > 5 && strcmp(argv[1], "run") == 0)
        return run(argv[2], strtoull(argv[3], NULL, 0), atoi(argv[4]), argc - 5, argv + 5);
    if (argc > 5 && strcmp(argv[1], "round") == 0)
        return round_all(argv[2], strtoull(argv[3], NULL, 0), atoi(argv[4]), argc - 5, argv + 5);
    if (argc == 4 && strcmp(argv[1], "reference") == 0)
        return print_reference(argv[2], argv[3]);
    fputs("usage: see the comment in search_float64.c\n", stderr);
    return 2;
}
