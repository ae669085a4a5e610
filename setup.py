"""The extension module and the C library: sources, compiler flags, and a probe for OpenMP."""

import os
import subprocess
import sys
import sysconfig
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

LIBRARY_SOURCES = [  # those that take longest first
    "src/kernels_avx512.c",
    "src/kernels_avx2.c",
    "src/kernels_neon.c",
    "src/kernels_baseline.c",
    "src/api.c",
    "src/arrays.c",
    "src/cpu.c",
    "src/cpu_quota.c",
    "src/dispatch.c",
    "src/look_up.c",
    "src/fork.c",
    "src/loops.c",
    "src/parallel.c",
]
SOURCES = ["gelu_fast/_core.pyx", "src/xla_ffi.c", *LIBRARY_SOURCES]
HEADERS = [
    str(path)
    for directory, pattern in (
        *(("src", pattern) for pattern in ("*.h", "*.def", "*.inc")),
        *(("gelu_fast", pattern) for pattern in ("*.pxd", "*.pxi")),
    )
    for path in Path(directory).rglob(pattern)
]
# JAX's header is a part of jaxlib, which need not be there. pip builds in isolation, where jaxlib
# cannot be imported; but sysconfig still knows the environment for which gelu_fast is built.
SITES = [*sys.path, sysconfig.get_path("platlib"), sysconfig.get_path("purelib")]
XLA_HEADERS = [
    header
    for site in SITES
    if (header := Path(site, "jaxlib", "include", "xla", "ffi", "api", "c_api.h")).exists()
]
# These stand behind CFLAGS and LDFLAGS, and so overrule them, for the compiler and for the linker.
# Every operation is one of IEEE 754 and is rounded by itself, or the bits would differ from ISA to
# ISA; and with -Ofast, -ffast-math or -funsafe-math-optimizations GCC links code that flushes
# subnormal numbers to zero in every process that loads the module. kernels.h refuses what cannot be
# overruled. With -flto other compilers could not link the static library.
OVERRULING_FLAGS = [
    "-O3",
    "-ffp-contract=off",
    "-fno-fast-math",
    "-fno-unsafe-math-optimizations",
    "-fno-lto",
]
STATE_FLAGS = ("-mpc32", "-mpc64", "-mdaz-ftz")  # which link such code too, and have no opposite
UNIX_FLAGS = ["-std=c11", *OVERRULING_FLAGS, "-fvisibility=hidden", "-Wall", "-Wextra"]
# Python's own flags say -g, which takes the compiler three times as long, for a module of 70 MB.
if not any(flag.startswith("-g") for flag in os.environ.get("CFLAGS", "").split()):
    UNIX_FLAGS.append("-g0")
# Without /GL-, which setuptools' own flags need, the library would be for this one release of MSVC.
MSVC_FLAGS = ["/std:c11", "/experimental:c11atomics", "/O2", "/fp:precise", "/GL-", "/W3"]

# One build for every Python from 3.10 on; the free-threaded ones have no stable ABI.
STABLE_ABI = not sysconfig.get_config_var("Py_GIL_DISABLED")

OPENMP_PROBE = """
#include <omp.h>
int main(void) {
    int sum = 0;
#pragma omp parallel reduction(+ : sum)
    sum += 1;
    return sum < 1 || omp_get_max_threads() < 1;
}
"""


class BuildExtension(build_ext):
    _built_objects = ()

    def build_extensions(self):
        is_msvc = self.compiler.compiler_type == "msvc"
        compile_flags = MSVC_FLAGS if is_msvc else UNIX_FLAGS
        for flag in getattr(self.compiler, "linker_so", None) or ():
            if flag.startswith(STATE_FLAGS):
                raise SystemExit(
                    f"gelu_fast: {flag} would change the floating-point state of hosts"
                )
        openmp_compile, self.openmp_link = self.openmp_flags(is_msvc)
        for extension in self.extensions:
            extension.extra_compile_args = [*compile_flags, *openmp_compile]
            extension.extra_link_args = [*([] if is_msvc else OVERRULING_FLAGS), *self.openmp_link]
        super().build_extensions()

    def build_extension(self, extension):
        """Compile the sources on all cores, which setuptools does with extensions alone."""
        compile_in_turn = self.compiler.compile

        def compile_at_once(sources, **options):
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                objects = pool.map(lambda source: compile_in_turn([source], **options), sources)
                return [name for names in objects for name in names]

        self.compiler.compile = compile_at_once
        super().build_extension(extension)

    def run(self):
        super().run()
        self.install_library(Path("." if self.inplace else self.build_lib, "gelu_fast"))

    def install_library(self, package):
        """Put the same objects, as a static library, beside the extension: no Python in them."""
        in_library = {Path(source).stem for source in LIBRARY_SOURCES}
        objects = [name for name in self._built_objects if Path(name).stem in in_library]
        if not objects:
            return  # the extension was up to date, and so is the library
        library = package / "lib"
        for stale in library.glob("*gelu_fast.*"):
            stale.unlink()  # `ar` would add to it
        self.compiler.create_static_lib(objects, "gelu_fast", output_dir=str(library))
        openmp = self.openmp_link
        values = {
            "@VERSION@": self.distribution.get_version(),
            "@INCLUDE@": "../include",
            "@LINK_FLAGS@": " ".join([*openmp, "-lm"]),
            "@NEEDS_OPENMP@": "TRUE" if openmp else "FALSE",
        }
        for source, directory in (
            ("gelu_fast.h", "include"),
            ("gelu_fastConfig.cmake.in", "lib/cmake/gelu_fast"),
            ("gelu_fastConfigVersion.cmake.in", "lib/cmake/gelu_fast"),
            ("gelu_fast.pc.in", "lib/pkgconfig"),
        ):
            text = Path("src", source).read_text("utf-8")
            for name, value in values.items():
                text = text.replace(name, value)
            (package / directory).mkdir(parents=True, exist_ok=True)
            (package / directory / source.removesuffix(".in")).write_text(text, "utf-8")

    def openmp_flags(self, is_msvc):
        """Return the flags with which a small OpenMP program builds and runs, or none."""
        if is_msvc:
            candidates = [(["/openmp"], [])]
        elif sys.platform == "darwin":
            candidates = [(["-Xpreprocessor", "-fopenmp"], ["-lomp"])]
        else:
            candidates = [(["-fopenmp"], ["-fopenmp"])]
        for compile_flags, link_flags in candidates:
            flags = [] if is_msvc else OVERRULING_FLAGS
            if self.openmp_works([*flags, *compile_flags], [*flags, *link_flags]):
                return compile_flags, link_flags
        if os.environ.get("GELU_FAST_REQUIRE_OPENMP"):
            raise SystemExit("gelu_fast: the compiler cannot build and run an OpenMP program")
        self.warn(
            "gelu_fast: no OpenMP with this compiler; the build is serial: large arrays will use "
            "one thread"
        )
        return [], []

    def openmp_works(self, compile_flags, link_flags):
        with tempfile.TemporaryDirectory() as directory:
            source = Path(directory, "probe.c")
            source.write_text(OPENMP_PROBE)
            try:
                objects = self.compiler.compile(
                    [str(source)], output_dir=directory, extra_postargs=compile_flags
                )
                program = str(Path(directory, "probe"))
                self.compiler.link_executable(objects, program, extra_postargs=link_flags)
                if "_PYTHON_HOST_PLATFORM" in os.environ:
                    return True  # a cross build: what compiles and links cannot be run here
                return subprocess.run([program], timeout=60, check=False).returncode == 0
            except Exception as error:  # setuptools' compilers raise many types
                self.warn(f"gelu_fast: OpenMP probe failed: {error}")
                return False


setup(
    ext_modules=cythonize(
        Extension(
            "gelu_fast._core",
            SOURCES,
            include_dirs=[
                "src",
                np.get_include(),
                *(str(path.parents[3]) for path in XLA_HEADERS[:1]),
            ],
            depends=[*HEADERS, *map(str, XLA_HEADERS)],
            define_macros=[
                ("NPY_NO_DEPRECATED_API", "NPY_2_0_API_VERSION"),
                *([("Py_LIMITED_API", "0x030A0000")] if STABLE_ABI else []),
            ],
            py_limited_api=STABLE_ABI,
        ),
        build_dir="build/cython",
    ),
    cmdclass={"build_ext": BuildExtension},
    options={"bdist_wheel": {"py_limited_api": "cp310"}} if STABLE_ABI else {},
)
