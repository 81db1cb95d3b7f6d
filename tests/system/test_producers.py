"""The producers of this machine, whatever their versions: what they write of one table gives the same columns, counts and verdicts."""

from __future__ import annotations

import importlib.util
import os
import shutil

import pytest

from triage import driver

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the writer of dBASE leaves its file open


@pytest.fixture(scope="module")
def made(root, tmp_path_factory):
    """The inputs of scripts/build_formats.py, written anew into a folder of their own."""
    spec = importlib.util.spec_from_file_location("build_formats", root / "scripts" / "build_formats.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if os.getuid():
        pytest.skip("NOT TESTED: the servers are started as root")
    lacking = [name for name in module.NEEDED if shutil.which(name) is None]
    assert not lacking, f"missing: {lacking}; apt-get install -y {module.PACKAGES}"
    module.GOLDEN = tmp_path_factory.mktemp("golden")
    module.ROOT = module.GOLDEN
    assert module.main() == 0
    return module.GOLDEN


def found(path):
    result = driver.scan([path])
    (table,) = result.tables
    columns = [(c.name, c.label, c.confidence, c.role, c.filled, c.matched, c.valid, c.distinct) for c in result.columns]
    return (table.rows_total, table.rows_read, table.rows_rejected), columns, result.size.persons.estimate


def test_every_producer_gives_the_same_verdicts(made):
    plain = found(made / "csv_same")
    others = [*made.glob("sql_*/input/*"), *made.glob("same/input/*")]
    assert len(others) > 20
    assert [p.name for p in others if found(p) != plain] == []


def test_the_volumes_of_every_packer_are_joined(made):
    result = driver.scan([made / "volumes"])
    assert {p.code for p in result.problems} == {"missing_part"}
    assert sum(p.rows_total for t in result.tables for p in t.parts) == 3 * result.tables[0].parts[0].rows_total
