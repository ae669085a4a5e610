/* The CPU quota of the container. */
#ifndef GELU_FAST_CPU_QUOTA_H
#define GELU_FAST_CPU_QUOTA_H

/* How many CPUs' worth of time the process's cgroup (v2 or v1) allows, rounded up; 0 if there is no
 * limit. `root` stands before /proc and /sys: "" but in tests. */
int gelu_fast_cpu_quota(const char *root);

#endif
