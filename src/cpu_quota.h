/* The CPU quota of the container. */
#ifndef GELU_FAST_CPU_QUOTA_H
#define GELU_FAST_CPU_QUOTA_H

/* The CPU time that the process's cgroup (v2 or v1) allows, in CPUs, rounded up; 0 if unlimited. `root` is
 * prefixed to /proc and /sys: "" except in tests. */
int gelu_fast_cpu_quota(const char *root);

#endif
