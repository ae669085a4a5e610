#include "cpu_quota.h"

#if defined(__linux__)

#include <stdio.h>
#include <string.h>

/* Reads "QUOTA PERIOD" in microseconds, or "max PERIOD" for no limit. */
static double read_limit_v2(const char *directory) {
    char path[4200];
    double quota, period, limit = 0;
    snprintf(path, sizeof path, "%s/cpu.max", directory);
    FILE *const file = fopen(path, "re");
    if (file == NULL)
        return 0;
    if (fscanf(file, "%lf %lf", &quota, &period) == 2 && quota > 0 && period > 0)
        limit = quota / period;
    fclose(file);
    return limit;
}

static double read_number(const char *directory, const char *name) {
    char path[4200];
    double number = -1;
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *const file = fopen(path, "re");
    if (file == NULL)
        return -1;
    if (fscanf(file, "%lf", &number) != 1)
        number = -1;
    fclose(file);
    return number;
}

static double read_limit_v1(const char *directory) {
    const double quota = read_number(directory, "cpu.cfs_quota_us");
    const double period = read_number(directory, "cpu.cfs_period_us");
    return quota > 0 && period > 0 ? quota / period : 0;
}

/* The smallest limit from the process's own group up to the root: each ancestor limits too. */
static double smallest_limit(const char *mount, char *group, double (*read_limit)(const char *)) {
    double smallest = 0;
    for (;;) {
        char directory[4096];
        snprintf(directory, sizeof directory, "%s%s", mount, group);
        const double limit = read_limit(directory);
        if (limit > 0 && (smallest == 0 || limit < smallest))
            smallest = limit;
        char *const slash = strrchr(group, '/');
        if (slash == NULL)
            return smallest;
        *slash = '\0';
    }
}

int gelu_fast_cpu_quota(void) {
    double limit = 0;
    char line[4096];
    FILE *const file = fopen("/proc/self/cgroup", "re");
    if (file == NULL)
        return 0;
    while (fgets(line, sizeof line, file) != NULL) { /* "ID:CONTROLLERS:/GROUP\n" */
        line[strcspn(line, "\n")] = '\0';
        char *const controllers = strchr(line, ':');
        char *const group = controllers == NULL ? NULL : strchr(controllers + 1, ':');
        if (group == NULL)
            continue;
        *group = '\0';
        double found = 0;
        if (controllers[1] == '\0') {
            found = smallest_limit("/sys/fs/cgroup", group + 1, read_limit_v2);
        } else {
            char listed[4100];
            snprintf(listed, sizeof listed, ",%s,", controllers + 1);
            if (strstr(listed, ",cpu,") != NULL)
                found = smallest_limit("/sys/fs/cgroup/cpu", group + 1, read_limit_v1);
        }
        if (found > 0 && (limit == 0 || found < limit))
            limit = found;
    }
    fclose(file);
    const int whole = (int)limit;
    return limit > whole ? whole + 1 : whole;
}

#else

int gelu_fast_cpu_quota(void) { return 0; }

#endif
