"""The sample table as producers write it that cannot run here (SQL Server, Outlook): forms from their documents, cells of ours."""

from __future__ import annotations

Table = tuple[list[str], list[list[str]]]


def sql_server(content: Table) -> bytes:
    """A script of SQL Server Management Studio ("Generate Scripts", schema and data): UTF-16, batches, a routine, a row a statement."""
    names, rows = content
    stamp = "    Script Date: 12/03/2024 10:00:00 ******/"

    def cell(value: str) -> str:
        return "N'" + value.replace("'", "''") + "'" if value else "NULL"

    listed = ", ".join(f"[{name}]" for name in names)
    lines = [
        "USE [clinic]",
        "GO",
        f"/****** Object:  UserDefinedFunction [dbo].[Age]{stamp}",
        "SET ANSI_NULLS ON",
        "GO",
        "CREATE FUNCTION [dbo].[Age](@born date)",
        "RETURNS int",
        "AS",
        "BEGIN",
        "\tDECLARE @lines TABLE ([text] nvarchar(9))",
        "\tINSERT INTO @lines ([text]) VALUES (N'none')",
        "\tRETURN 0",
        "END",
        "GO",
        f"/****** Object:  Table [dbo].[patients]{stamp}",
        "CREATE TABLE [dbo].[patients](",
        *(f"\t[{name}] [nvarchar](max) NULL{',' if name != names[-1] else ''}" for name in names),
        ") ON [PRIMARY] TEXTIMAGE_ON [PRIMARY]",
        "GO",
        *(f"INSERT [dbo].[patients] ({listed}) VALUES ({', '.join(map(cell, row))})" for row in rows),  # noqa: S608 - a sample of ours
        "GO",
        "USE [master]",
        "GO",
        "ALTER DATABASE [clinic] SET  READ_WRITE ",
        "GO",
        "",
    ]
    return b"\xff\xfe" + "\r\n".join(lines).encode("utf-16-le")
