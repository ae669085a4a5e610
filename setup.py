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
from setuptools.modified import newer_group

# The files that take longest to compile come first.
LIBRARY_SOURCES = sorted(map(str, Path("src").glob("*.c")), key=lambda name: "kernels_" not in name)
LIBRARY_SOURCES.remove(str(Path("src", "xla_ffi.c")))
HEADERS = [
    str(path) for pattern in ("*.h", "*.def", "*.inc") for path in Path("src").rglob(pattern)
]
USER_FLAGS = os.environ.get("CFLAGS", "").split()
# These follow CFLAGS and LDFLAGS, and so override them, for the compiler and for the linker. Every
# operation must be one of IEEE 754, rounded by itself, or the bits would differ between ISAs. With
# -Ofast, -ffast-math or -funsafe-math-optimizations GCC links code that flushes subnormal numbers
# to zero in every process that loads the module. kernels.h refuses what cannot be overridden. With
# -flto other compilers could not link the static library.
OVERRULING_FLAGS = [
    next((flag for flag in USER_FLAGS if flag in ("-O0", "-Og")), "-O3"),
    "-ffp-contract=off",
    "-fno-fast-math",
    "-fno-unsafe-math-optimizations",
    "-fno-lto",
]
STATE_FLAGS = ("-mpc32", "-mpc64", "-mdaz-ftz")  # these link such code too, and have no opposite
UNIX_FLAGS = ["-std=c11", *OVERRULING_FLAGS, "-fvisibility=hidden", "-Wall", "-Wextra"]
# Python's own flags contain -g, which triples the compile time and makes a module of 70 MB.
if not any(flag.startswith("-g") for flag in USER_FLAGS):
    UNIX_FLAGS.append("-g0")
# setuptools adds /GL. Without /GL- the library would only work with this one release of MSVC.
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
    def run(self):
        # Where setuptools finally copies the extension, which it builds elsewhere.
        self.installed_package = Path("." if self.inplace else self.build_lib, "gelu_fast")
        super().run()

    def build_extension(self, extension):
        """Build the extension and, from the same objects, a static library that needs no Python."""
        sources = [*LIBRARY_SOURCES, *extension.sources]
        path = self.get_ext_fullpath(extension.name)
        if not self.force and not newer_group([*sources, *extension.depends], path, "newer"):
            return
        is_msvc = self.compiler.compiler_type == "msvc"
        for flag in getattr(self.compiler, "linker_so", None) or ():
            if flag.startswith(STATE_FLAGS):
                raise SystemExit(
                    f"gelu_fast: {flag} would change the floating-point state of hosts"
                )
        openmp_compile, openmp_link = self.openmp_flags(is_msvc)

        def compile_one(source):
            return self.compiler.compile(
                [source],
                output_dir=self.build_temp,
                macros=extension.define_macros,
                include_dirs=extension.include_dirs,
                extra_postargs=[*(MSVC_FLAGS if is_msvc else UNIX_FLAGS), *openmp_compile],
            )

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            objects = [name for names in pool.map(compile_one, sources) for name in names]
        self.install_library(objects[: len(LIBRARY_SOURCES)], openmp_link)
        extension.sources, extension.extra_objects = [], objects
        extension.extra_link_args = [*([] if is_msvc else OVERRULING_FLAGS), *openmp_link]
        super().build_extension(extension)

    def install_library(self, objects, openmp):
        library = self.installed_package / "lib"
        for stale in library.glob("*gelu_fast.*"):
            stale.unlink()  # `ar` would add to an existing archive
        self.compiler.create_static_lib(objects, "gelu_fast", output_dir=str(library))
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
            (self.installed_package / directory).mkdir(parents=True, exist_ok=True)
            (self.installed_package / directory / source.removesuffix(".in")).write_text(
                text, "utf-8"
            )

    def openmp_flags(self, is_msvc):
        """Return the OpenMP flags with which a small program builds and runs, or none."""
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
                    return True  # a cross build, whose programs cannot run here
                return subprocess.run([program], timeout=60, check=False).returncode == 0
            except Exception as error:  # setuptools' compilers raise many types
                self.warn(f"gelu_fast: OpenMP probe failed: {error}")
                return False


setup(
    ext_modules=cythonize(
        Extension(
            "gelu_fast._core",
            ["gelu_fast/_core.pyx", "src/xla_ffi.c"],
            include_dirs=["src", np.get_include()],
            depends=HEADERS,
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
