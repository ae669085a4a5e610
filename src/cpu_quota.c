#include "cpu_quota.h"

#if defined(__linux__)

#include <stdio.h>
#include <string.h>

/* A cgroup's directory: the three joined. */
struct directory {
    const char *root, *mount, *group;
};

static FILE *open_in(const struct directory *directory, const char *name) {
    char path[8192];
    const int length = snprintf(path, sizeof path, "%s%s%s/%s", directory->root, directory->mount,
                                directory->group, name);
    return length > 0 && (size_t)length < sizeof path ? fopen(path, "re") : NULL;
}

/* Reads one or two numbers from a file. What cannot be read is left unchanged. */
static void read_numbers(const struct directory *directory, const char *name, double *first,
                         double *second) {
    FILE *const file = open_in(directory, name);
    if (file == NULL)
        return;
    if (fscanf(file, "%lf", first) == 1 && second != NULL && fscanf(file, "%lf", second) != 1)
        *second = 0;
    fclose(file);
}

/* "QUOTA PERIOD" in microseconds, or "max PERIOD" for no limit. */
static double read_limit_v2(const struct directory *directory) {
    double quota = 0, period = 0;
    read_numbers(directory, "cpu.max", &quota, &period);
    return quota > 0 && period > 0 ? quota / period : 0;
}

static double read_limit_v1(const struct directory *directory) {
    double quota = 0, period = 0; /* a quota of -1 is no limit */
    read_numbers(directory, "cpu.cfs_quota_us", &quota, NULL);
    read_numbers(directory, "cpu.cfs_period_us", &period, NULL);
    return quota > 0 && period > 0 ? quota / period : 0;
}

/* The smallest limit among a group and its ancestors, all of which apply. */
static double smallest_limit(const char *root, const char *mount, char *group,
                             double (*read_limit)(const struct directory *)) {
    double smallest = 0;
    for (;;) {
        const double limit = read_limit(&(struct directory){root, mount, group});
        if (limit > 0 && (smallest == 0 || limit < smallest))
            smallest = limit;
        char *const slash = strrchr(group, '/');
        if (slash == NULL)
            return smallest;
        *slash = '\0';
    }
}

int gelu_fast_cpu_quota(const char *root) {
    double limit = 0;
    char line[4096];
    FILE *const file = open_in(&(struct directory){root, "/proc", "/self"}, "cgroup");
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
            found = smallest_limit(root, "/sys/fs/cgroup", group + 1, read_limit_v2);
        } else {
            char listed[sizeof line + 2];
            const int length = snprintf(listed, sizeof listed, ",%s,", controllers + 1);
            if (length > 0 && strstr(listed, ",cpu,") != NULL)
                found = smallest_limit(root, "/sys/fs/cgroup/cpu", group + 1, read_limit_v1);
        }
        if (found > 0 && (limit == 0 || found < limit))
            limit = found;
    }
    fclose(file);
    const int whole = (int)limit;
    return limit > whole ? whole + 1 : whole;
}

#else

int gelu_fast_cpu_quota(const char *root) {
    (void)root;
    return 0;
}

#endif
