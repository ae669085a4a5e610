"""The container's CPU quota, read from a fake /proc and /sys."""

import sys

import pytest

from gelu_fast import _core

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs cgroups")


@pytest.fixture
def tree(tmp_path):
    def write(files):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return str(tmp_path)

    return write


V2 = "proc/self/cgroup"


@pytest.mark.parametrize(
    ("limit", "cpus"),
    [
        ("max 100000", 0),
        ("200000 100000", 2),
        ("150000 100000", 2),
        ("10000 100000", 1),
        ("nonsense", 0),
        ("", 0),
    ],
)
def test_version_2(limit, cpus, tree):
    root = tree({V2: "0::/pod/box\n", "sys/fs/cgroup/pod/box/cpu.max": limit})
    assert _core.cpu_quota(root) == cpus


def test_an_ancestor_limits_too(tree):
    root = tree({
        V2: "0::/pod/box\n",
        "sys/fs/cgroup/pod/box/cpu.max": "800000 100000",
        "sys/fs/cgroup/pod/cpu.max": "300000 100000",
    })  # fmt: skip
    assert _core.cpu_quota(root) == 3


def test_root_of_a_cgroup_namespace(tree):
    assert _core.cpu_quota(tree({V2: "0::/\n", "sys/fs/cgroup/cpu.max": "400000 100000"})) == 4


@pytest.mark.parametrize(("quota", "cpus"), [("-1", 0), ("250000", 3)])
def test_version_1(quota, cpus, tree):
    root = tree({
        V2: "9:memory:/box\n4:cpu,cpuacct:/box\n1:name=systemd:/box\n",
        "sys/fs/cgroup/cpu/box/cpu.cfs_quota_us": quota,
        "sys/fs/cgroup/cpu/box/cpu.cfs_period_us": "100000",
    })  # fmt: skip
    assert _core.cpu_quota(root) == cpus


def test_the_limit_of_a_container_that_sees_the_host_s_path(tree):
    """Without a cgroup namespace the group's path does not exist inside; the mount's root does."""
    root = tree({
        V2: "4:cpu,cpuacct:/docker/0123abcd\n",
        "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "100000",
        "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
    })  # fmt: skip
    assert _core.cpu_quota(root) == 1


def test_no_cgroups(tmp_path):
    assert _core.cpu_quota(str(tmp_path)) == 0
