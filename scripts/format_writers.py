"""The sample table as producers write it that cannot run here (SQL Server, Active Directory): forms from their documents, cells of ours."""

from __future__ import annotations

import base64

import compound

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
        *(f"INSERT [dbo].[patients] ({listed}) VALUES ({', '.join(map(cell, row))})" for row in rows),
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


def outlook(content: Table) -> dict[str, bytes]:
    """A message with the table attached and another message inside, a message with RTF alone, and a contact, as Outlook saves them."""
    names, rows = content
    cells = dict(zip(names, rows[0], strict=True))
    name = f"{cells['NOM']}, {cells['PRENOM']}"
    file = {0x3707: _text("patients.csv"), 0x3701: (0x102, "\n".join(",".join(row[:6]) for row in [names, *rows]).encode())}
    common = {0x001A: _text("IPM.Note"), 0x0C1A: _text("Secrétariat"), 0x5D01: _text("secretariat@example.org"), 0x0039: (0x40, _TIME)}
    people: list[compound.Raw] = [
        {0x3001: _text(name), 0x39FE: _text("patient@example.org"), 0x0C15: (0x03, b"\1\0\0\0")},
        {0x3001: _text("Dr House"), 0x3003: _text("/O=EXCHANGE/OU=FR/CN=HOUSE"), 0x0C15: (0x03, b"\2\0\0\0")},
    ]
    inner = compound.item({**common, 0x0037: _text("Rappel"), 0x1000: _text("Rendez-vous demain.")}, people[:1], before=24)
    message = compound.item({**common, 0x0037: _text("Résultats"), 0x1000: _text("Le VIH est négatif.")}, people, [file], [inner])
    # The example of [MS-OXRTFCP] 4.1.1.
    rtf = "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    contact = {
        0x001A: _text("IPM.Contact"),
        0x3001: _text(name),
        0x3A11: _text(cells["NOM"]),
        0x3A06: _text(cells["PRENOM"]),
        0x3A1C: _text(cells["TELEPHONE"]),
        0x3A42: (0x40, _TIME),
        0x3A59: _text(cells["VILLE"]),
        0x8083: _text("patient@example.org"),
    }
    trees = {
        "message": message,
        "rtf": compound.item({**common, 0x0037: _text("RTF"), 0x1009: (0x102, bytes.fromhex(rtf))}),
        "contact": compound.item(contact),
    }
    return {f"{n}.msg": compound.written(tree) for n, tree in trees.items()}


def clinical(content: Table) -> dict[str, bytes]:
    """Letters of a hospital as CDA (CI-SIS, "Structuration minimale"): two whose body is XML, one whose body is a file."""
    names, rows = content
    ways = (("xml", False), ("xml_too", False), ("file", True))
    return {
        f"letter_{way}.xml": _document(dict(zip(names, row, strict=True)), enclosed=enclosed)
        for (way, enclosed), row in zip(ways, rows, strict=False)
    }


def _document(cells: dict[str, str], *, enclosed: bool) -> bytes:
    born = cells["DATE_NAISSANCE"].replace("-", "")
    rtf = r"{\rtf1\ansi Patient suivi pour un diab\'e8te de type 2.\par Insuline 10 UI le soir.\par}"
    file = f'<nonXMLBody><text mediaType="text/rtf" representation="B64">{base64.b64encode(rtf.encode()).decode()}</text></nonXMLBody>'
    structured = f"""<structuredBody><component><section><code code="34109-9" displayName="Notes"/><title>Observation</title>
<text><paragraph>{cells["OBSERVATION"] or "Pas de plainte."}</paragraph>
<table><tr><td>Groupe</td><td>{cells["GROUPE_SANGUIN"]}</td></tr></table></text>
<entry><observation classCode="OBS" moodCode="EVN"><code code="883-9" displayName="Groupe sanguin"/><effectiveTime value="20190305"/>
<value xsi:type="CD" code="X" displayName="{cells["GROUPE_SANGUIN"]}"/></observation></entry>
<entry><substanceAdministration classCode="SBADM" moodCode="INT"><effectiveTime><low value="20190305"/></effectiveTime>
<doseQuantity value="1" unit="cp"/><consumable><manufacturedProduct>
<manufacturedMaterial><name>{cells["MEDICAMENT"] or "Doliprane"}</name></manufacturedMaterial></manufacturedProduct></consumable>
</substanceAdministration></entry>
</section></component></structuredBody>"""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="cda.xsl"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<id root="1.2.3"/><code code="11490-0" codeSystem="2.16.840.1.113883.6.1" displayName="Lettre de liaison"/>
<title>Lettre</title><effectiveTime value="20190305101500+0100"/>
<recordTarget><patientRole><id root="1.2.250.1.213.1.4.10" extension="{cells["NIR"] or "279035121518989"}"/>
<id root="1.2.250.1.1.1" extension="{cells["IPP"]}"/><addr use="H"><streetAddressLine>{cells["ADRESSE"]}</streetAddressLine>
<postalCode>{cells["CODE_POSTAL"]}</postalCode><city>{cells["VILLE"]}</city></addr>
<telecom value="tel:{cells["TELEPHONE"].replace(" ", "")}"/>
<patient><name><given>{cells["PRENOM"]}</given><family qualifier="BR">{cells["NOM_NAISSANCE"]}</family>
<family qualifier="SP">{cells["NOM"]}</family></name><administrativeGenderCode code="{cells["SEXE"]}"/>
<birthTime value="{born}"/></patient></patientRole></recordTarget>
<author><time value="20190305"/><assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="810100000000"/>
<assignedPerson><name><prefix>DR</prefix><given>Anne</given><family>DURAND</family></name></assignedPerson>
<representedOrganization><id root="1.2.250.1.71.4.2.2" extension="1{cells["FINESS"]}"/>
<name>{cells["ETABLISSEMENT"]}</name></representedOrganization></assignedAuthor></author>
<component>{file if enclosed else structured}</component></ClinicalDocument>
""".encode()


_TIME = (131_000_000_000_000_000).to_bytes(8, "little")


def _text(value: str) -> tuple[int, bytes]:
    return 0x1F, value.encode("utf-16-le")
