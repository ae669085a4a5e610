"""Run each page of docs with pages.py."""

import re
import shutil
from importlib.util import find_spec
from pathlib import Path

import pages
import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = [
    path
    for path in sorted(DOCS.rglob("*.md"))
    if re.search(">>> |<!-- run -->", path.read_text("utf-8"))
]

pytestmark = pytest.mark.skipif(
    not DOCS.exists(), reason="only a checkout has docs beside the tests"
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_page(page, run_function, tmp_path, monkeypatch):
    text = page.read_text("utf-8")
    required = re.search(r"<!-- requires: (.*) -->", text)
    for name in required[1].split(", ") if required else ():
        if find_spec(name) is None and shutil.which(name, path=pages.PATH) is None:
            pytest.skip(f"needs {name}")
    monkeypatch.chdir(tmp_path)  # where a page may write files
    pages.run_commands(text, tmp_path)
    if ">>> " in text:
        run_function(pages.run_session, str(page))
