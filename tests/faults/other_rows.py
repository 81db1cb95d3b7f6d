"""Rows about paths, office files, binary tables and programs; canaries planted wherever a format has room."""

from __future__ import annotations

import io
import os
import socket
import zipfile
from pathlib import Path

import polars as pl
from faults.rows import CANARY, counted, put, row, table


@row("12_links", dict.fromkeys(("out.csv", "up", "loop", "dangling"), "link_not_followed"), rows=40)
def links(folder: Path) -> None:
    outside = folder.parent / "outside"
    outside.mkdir()
    put(outside, private_csv=table(30))
    put(folder, a_csv=table())
    for name, target in {
        "out.csv": outside / "private.csv",
        "up": folder.parent,
        "loop": folder / "loop",
        "dangling": folder / "x",
    }.items():
        (folder / name).symlink_to(target)


@row("13_not_files", dict.fromkeys(("pipe", "plug", "zero"), "not_regular"), exits=3, rows=40)
def not_files(folder: Path) -> list[Path]:
    put(folder, a_csv=table())
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(folder)  # the name of a socket is 108 bytes at the most
        listener.bind("plug")
        os.chdir(here)
    return [folder, Path("/dev/zero")]


@row(
    "28_parquet",
    {"cut.parquet": "truncated", "footer.parquet": "corrupt", "lying.parquet": "corrupt", "pages.parquet": "columns_unread"},
    exits=3,
    holds=lambda i: counted(i)["sound.parquet"] == 4000,
)
def parquet(folder: Path) -> None:
    frame = pl.DataFrame({"nom": [f"{CANARY}{n}" for n in range(4000)], "n": range(4000)})
    made = io.BytesIO()
    frame.write_parquet(made)
    whole = made.getvalue()
    put(folder, sound_parquet=whole, cut_parquet=whole[: len(whole) // 2])
    put(
        folder,
        lying_parquet=whole[:-8] + (1 << 31).to_bytes(4, "little") + b"PAR1",
        footer_parquet=whole[:-200] + b"\xff" * 192 + whole[-8:],
    )
    put(folder, pages_parquet=whole[:4] + b"\xff" * 200 + whole[204:])
    pl.DataFrame({"x": pl.repeat("x" * 1000, 2_000_000, eager=True)}).write_parquet(folder / "bomb.parquet")


@row("30_polyglot", {"page.zip": "encoding_guessed", "picture.csv": "not_text", "picture.gif": "not_text"})
def polyglot(folder: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", table())
    put(folder, page_zip=b"<html><body>" + CANARY.encode() + b"</body></html>\n" + out.getvalue(), picture_gif=b"GIF89a;b\n" + table())
    put(folder, text_png=table(), picture_csv=b"\x89PNG\r\n\x1a\n" + bytes(500))


@row(
    "37_errors",
    {"a.json": "rows_rejected truncated", "b.csv": "no_dialect segment_repaired"},
    exits=3,
    holds=lambda i: counted(i)["sound.csv"] == 40,
)
def errors(folder: Path) -> None:
    put(folder, sound_csv=table(), a_json='{"a": ' + CANARY + "}\n" * 40, b_csv=b'"a";"b"\n' + b'"' + CANARY.encode() + b'";' * 50)
