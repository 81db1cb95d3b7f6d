"""A real browser over real reports: Debian's Chromium, driven by Playwright, with axe-core from npm."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

AXE = "axe-core@4.14.1"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def browser():
    """Chromium; a machine without it fails here, since a test that is skipped in silence proves nothing."""
    assert Path(CHROMIUM).exists(), "Chromium is missing: apt-get install -y chromium, or CHROMIUM=path"
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def axe(tmp_path_factory):
    """The text of axe-core, fetched with npm and kept nowhere."""
    assert shutil.which("npm"), "npm is missing: apt-get install -y npm"
    folder = tmp_path_factory.mktemp("axe")
    subprocess.run(["npm", "pack", "--silent", AXE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    archive = next(folder.glob("axe-core-*.tgz"))
    with tarfile.open(archive) as opened:
        return opened.extractfile("package/axe.min.js").read().decode()
