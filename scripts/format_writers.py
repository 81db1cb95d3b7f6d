"""The sample table as producers write it that cannot run here (SQL Server, Active Directory): forms from their documents, cells of ours."""

from __future__ import annotations

import base64

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


def ldifde(content: Table) -> bytes:
    """Users and a group as ``ldifde -f`` of Windows exports them: changes that add, binary values in base64, lines of 76 letters."""
    names, rows = content
    entries: list[dict[str, str | bytes]] = []
    for number, row in enumerate(rows, 1):
        cells = dict(zip(names, row, strict=True))
        name = f"{cells['PRENOM']} {cells['NOM']}"
        values: dict[str, str | bytes] = {
            "dn": f"CN={name},OU=Agents,DC=chu,DC=example,DC=org",
            "changetype": "add",
            **dict.fromkeys(("objectClass#1", "objectClass#2", "objectClass#3"), ""),
            "cn": name,
            "sn": cells["NOM"],
            "givenName": cells["PRENOM"],
            "telephoneNumber": cells["TELEPHONE"],
            "streetAddress": cells["ADRESSE"],
            "postalCode": cells["CODE_POSTAL"],
            "l": cells["VILLE"],
            "whenCreated": "20190305081500.0Z",
            "objectGUID": bytes(range(number, number + 16)),
            "userAccountControl": "512",
            "pwdLastSet": str(131_000_000_000_000_000 + number * 864_000_000_000),
            "accountExpires": "9223372036854775807",
            "objectSid": b"\x01\x05\0\0\0\0\0\x05\x15\0\0\0" + bytes(15) + bytes([number]),
            "sAMAccountName": f"agent{number:03}",
            "userPrincipalName": f"agent{number:03}@chu.example.org",
            "mail": cells["EMAIL"],
            "memberOf": "CN=Internes,OU=Groupes,DC=chu,DC=example,DC=org",
        }
        values.update(zip(("objectClass#1", "objectClass#2", "objectClass#3"), ("top", "person", "user"), strict=True))
        entries.append(values)
    entries.append({"dn": "CN=Internes,OU=Groupes,DC=chu,DC=example,DC=org", "changetype": "add", "objectClass": "group", "cn": "Internes"})
    return "\r\n".join("".join(_ldif(k.partition("#")[0], v) for k, v in values.items() if v) for values in entries).encode()


def _ldif(name: str, value: str | bytes) -> str:
    data = value if isinstance(value, bytes) else value.encode()
    line = f"{name}: {value}" if isinstance(value, str) and value.isascii() else f"{name}:: {base64.b64encode(data).decode()}"
    return "\r\n ".join(line[i : i + 76] for i in range(0, len(line), 76)) + "\r\n"
