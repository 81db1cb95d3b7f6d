"""Fabricated results: the figures published of the lab leak of 2021, and other shapes of leaks. No file is read."""

from __future__ import annotations

from typing import Any

import msgspec

from triage import model, severity, summary
from triage.impact.duties import OPEN_QUESTIONS
from triage.options import Context
from triage.summary.titles import Title, Titles

LAB_ROWS = 491_840
LAB_PERSONS = 479_812


def _title(fr: str, en: str, many_fr: str = "", many_en: str = "") -> Title:
    return Title({"fr": fr, "en": en}, {"fr": many_fr or fr + "s", "en": many_en or en + "s"})


TITLES = Titles(
    labels={
        "nir": _title("NIR (numéro de sécurité sociale)", "NIR (social security number)"),
        "last_name": _title("nom de famille", "last name"),
        "first_name": _title("prénom", "first name"),
        "birth_date": _title("date de naissance", "date of birth"),
        "sex": _title("sexe", "sex"),
        "phone": _title("numéro de téléphone", "phone number"),
        "email": _title("adresse e-mail", "e-mail address"),
        "address": _title("adresse postale", "postal address"),
        "postal_code": _title("code postal", "postcode"),
        "city": _title("commune", "town"),
        "blood_group": _title("groupe sanguin", "blood group"),
        "health_text": _title("commentaire médical", "medical comment"),
        "prescription": _title("ordonnance", "prescription"),
        "diagnosis": _title("diagnostic", "diagnosis"),
        "practitioner": _title("praticien", "practitioner"),
        "insurer_id": _title("numéro d’assuré", "insurer id"),
        "login": _title("identifiant de connexion", "login"),
        "password": _title("mot de passe", "password"),
        "password_hash": _title("empreinte de mot de passe", "password hash"),
        "iban": _title("IBAN", "IBAN"),
        "card": _title("carte bancaire", "payment card"),
        "purchase": _title("achat", "purchase"),
        "appointment": _title("rendez-vous", "appointment"),
        "passport": _title("numéro de passeport", "passport number"),
        "specialty": _title("spécialité", "specialty"),
        "lat_long": _title("coordonnées géographiques", "coordinates"),
    },
    themes={
        "pregnancy": _title("grossesse", "pregnancy"),
        "treatment": _title("traitements", "treatments"),
        "hiv_sti": _title("VIH et IST", "HIV and STIs"),
        "cancer": _title("cancer", "cancer"),
        "genetics": _title("maladies génétiques", "genetic diseases"),
    },
)


def column(index: int, label: str, class_id: str, filled: int, **other: Any) -> model.Column:
    """A column of table 0; ``valid`` is a rate."""
    rows = other.pop("rows", LAB_ROWS)
    valid = other.pop("valid", None)
    base: dict[str, Any] = {
        "table": 0,
        "index": index,
        "name": f"C{index}",
        "label": label,
        "confidence": "validated" if valid is not None else "likely",
        "candidates": (model.Candidate(label=label, confidence="likely"),),
        "role": "patient",
        "class_": class_id,
        "art9": class_id == "health",
        "filled": filled,
        "fill_rate": filled / rows if rows else None,
        "matched": filled,
        "valid": None if valid is None else round(valid * filled),
        "valid_rate": valid,
        "distinct": filled,
        "distinct_exact": True,
        "mentions": {},
        "reasons": (model.Reason(code="share", n=filled, of=filled),),
    }
    return model.Column(**(base | other))


def type_of(column: model.Column, rows: int, *, severe: bool = False) -> model.TypeCount:
    return model.TypeCount(
        label=column.label, role=column.role, columns=1, rows=column.filled, asked=rows, share=column.filled / rows if rows else None,
        persons=None, hibp_class=None, rare_but_severe=severe,
    )  # fmt: skip


def table(rows: int, columns: int, **other: Any) -> model.Table:
    base: dict[str, Any] = {
        "index": 0, "evidence": "lab/Export.txt", "entry": "lab/Export.txt", "table": None, "parts": (), "parent": None, "kind": "csv",
        "encoding": "cp1252", "delimiter": ";", "quote": '"', "newline": "\r\n", "header": True, "columns_count": columns,
        "rows_total": rows, "rows_read": rows, "rows_repaired": 0, "rows_rejected": 0, "rows_exact_dup": 0, "rows_short": 0,
        "rows_long": 0, "sampled": False, "unit": "rows", "lines": model.Lines(header=1), "signature": None,
    }  # fmt: skip
    return model.Table(**(base | other))


def empty_health() -> model.Health:
    none = model.Figure(n=0, share=0.0)
    return model.Health(
        comment_columns=(), rows_with_comment=0, rows_with_mention=0, themes=(), blood_group=none, prescriber=none, prescription=none,
        insurer=none, persons_art9=None,
    )  # fmt: skip


def severity_of(columns: tuple[model.Column, ...], rows: int, persons: int | None, context: Context) -> model.Severity:
    present = tuple(severity.Present(c.label, c.role, c.class_, c.filled) for c in columns)
    return severity.score(severity.Facts(present, rows, persons, context))


def result(columns: tuple[model.Column, ...], rows: int, persons: int | None, **other: Any) -> model.Result:
    """A result with these columns in one table and nothing else; keywords replace whole sections."""
    context = other.pop("context", Context())
    duplicates = other.pop("duplicates", 0)
    severe = other.pop("severe", frozenset({"iban", "card", "password"}))
    base: dict[str, Any] = {
        "schema_version": model.SCHEMA_VERSION,
        "language": "fr",
        "tool": model.Tool(name="triage", version="0.1.0", rules_hash="0" * 64, polars="2.1.0"),
        "inputs": model.Inputs(
            bytes=187_000_000,
            files_count=1,
            formats=(model.FormatCount(format="csv", files=1, bytes=187_000_000),),
            files=(model.InputFile(path="lab/Export.txt", bytes=187_000_000, sha256="ab" * 32, kind="csv", status="ok"),),
        ),
        "tables": (table(rows, len(columns), rows_exact_dup=duplicates),),
        "columns": columns,
        "size": model.Size(
            rows_total=rows,
            rows_unique=rows - duplicates,
            fields_per_row=model.FieldsPerRow(max=len(columns), median=len(columns), p95=len(columns)),
            unique=model.Unique(),
            persons=model.Persons(
                estimate=persons, low=persons, high=persons, basis="nir" if persons else "none", exact=True, standard_error=None
            ),
            persons_by_role={},
        ),
        "claims": (),
        "types": tuple(type_of(c, rows, severe=c.label in severe) for c in columns),
        "absent": (),
        "health": empty_health(),
        "credentials": model.Credentials(rows_password=0, clear=0, hashed=0, algorithms=(), pairs=0, detected_by=None),
        "financial": model.Financial(iban=model.Keyed(rows=0, valid=0), card=model.Keyed(rows=0, valid=0)),
        "contact": model.Contact(email_domains=(), fr_share=None),
        "period": model.Period(fields=(), newest=None, oldest=None, by_file=()),
        "geography": (),
        "demographics": model.Demographics(basis=None, women=None, minors=None, age_median=None, bands=()),
        "combinations": (),
        "origin": model.Origin(organisations=model.Organisations(), sequences=(), clues=()),
        "authenticity": model.Authenticity(checks=(), verdict="undetermined", schema_breaks=()),
        "overlap": (),
        "severity": severity_of(columns, rows, persons, context),
        "risks": (),
        "duties": model.Duties(
            cnil_categories=(), cnil_band="> 5000", records=rows, persons=persons, art9=False, art10=False, nir=False
        ),
        "limits": (model.Limit(code="not_a_diagnosis"), model.Limit(code="no_lookup")),
        "open_questions": OPEN_QUESTIONS,
        "summary": model.Summary(fr=(), en=()),
        "hibp": model.Hibp(PwnCount=0, DataClasses=(), IsSensitive=False),
        "problems": (),
    }  # fmt: skip
    return model.Result(**(base | other))


def lab_columns(*, health: bool = True) -> tuple[model.Column, ...]:
    """Columns of the lab leak; e-mail at 11.9 %."""
    rows = LAB_ROWS
    found = [
        ("last_name", "identity", rows, {}),
        ("first_name", "identity", rows, {}),
        ("nir", "national_id", rows, {"valid": 0.998}),
        ("birth_date", "identity", rows, {}),
        ("sex", "identity", 490_851, {}),
        ("address", "address", 430_111, {}),
        ("phone", "contact", 401_777, {}),
        ("email", "contact", 58_529, {}),
        ("login", "credential", 170_002, {}),
        ("password", "credential", 170_002, {}),
        ("last_name", "identity", 477_500, {"role": "practitioner"}),
        ("postal_code", "address", 477_200, {"role": "practitioner"}),
    ]
    if health:
        found += [("blood_group", "health", 316_000, {}), ("health_text", "health", 88_420, {})]
    return tuple(column(i, label, class_id, n, **other) for i, (label, class_id, n, other) in enumerate(found))


def lab(**other: Any) -> model.Result:
    """The lab leak with what was published of it."""
    columns = other.pop("columns", lab_columns())
    departments = (
        ("56", "Morbihan", 0.36), ("45", "Loiret", 0.22), ("27", "Eure", 0.203), ("22", "Côtes-d’Armor", 0.06),
        ("35", "Ille-et-Vilaine", 0.06), ("41", "Loir-et-Cher", 0.031), ("75", "Paris", 0.004),
    )  # fmt: skip
    total = 477_200
    figure = model.Figure
    base: dict[str, Any] = {
        "duplicates": 1_475,
        "size": model.Size(
            rows_total=LAB_ROWS,
            rows_unique=LAB_ROWS - 1_475,
            fields_per_row=model.FieldsPerRow(max=57, median=41, p95=52),
            unique=model.Unique(nir=LAB_PERSONS, email=57_003, phone=398_411, name_dob=480_120, login=169_950),
            persons=model.Persons(estimate=LAB_PERSONS, low=479_800, high=483_977, basis="nir", exact=True, standard_error=None),
            persons_by_role={
                "patient": model.RolePersons(estimate=LAB_PERSONS, basis="nir", exact=True),
                "practitioner": model.RolePersons(estimate=8_412, basis="rpps", exact=True),
            },
        ),
        "absent": ("iban", "card", "passport", "imei"),
        "health": model.Health(
            comment_columns=("COMMP", "COMMD"),
            rows_with_comment=88_420,
            rows_with_mention=17_004,
            themes=(
                model.Theme(id="cancer", rows=210, share=210 / LAB_ROWS, negated=0, hypothesis=0, family=3),
                model.Theme(id="genetics", rows=None, share=None, negated=None, hypothesis=None, family=None, suppressed=True),
                model.Theme(id="hiv_sti", rows=124, share=124 / LAB_ROWS, negated=19, hypothesis=0, family=0),
                model.Theme(id="pregnancy", rows=6_204, share=6_204 / LAB_ROWS, negated=12, hypothesis=0, family=0),
                model.Theme(id="treatment", rows=3_977, share=3_977 / LAB_ROWS, negated=0, hypothesis=0, family=0),
            ),
            blood_group=figure(n=316_000, share=316_000 / LAB_ROWS),
            prescriber=figure(n=477_500, share=477_500 / LAB_ROWS),
            prescription=figure(n=0, share=0.0),
            insurer=figure(n=None, share=None, suppressed=True),
            persons_art9=310_457,
        ),
        "credentials": model.Credentials(
            rows_password=170_002, clear=170_002, hashed=0, algorithms=(), pairs=170_002, detected_by="content"
        ),
        "contact": model.Contact(
            email_domains=(
                model.EmailDomain(domain="orange.fr", rows=17_204, share=17_204 / 58_529),
                model.EmailDomain(domain="gmail.com", rows=15_001, share=15_001 / 58_529),
                model.EmailDomain(domain="wanadoo.fr", rows=9_871, share=9_871 / 58_529),
            ),
            fr_share=0.612,
        ),
        "period": model.Period(
            fields=(
                model.DateField(
                    column="DDV", role="last_visit", n=LAB_ROWS, min="2015-01", p5="2018-01", median="2018-11", p95="2019-12",
                    max="2020-10", implausible=3, default=0, future=1, histogram=(),
                ),
                model.DateField(
                    column="DNAI", role="birth", n=LAB_ROWS, min="1921", p5="1935", median="1968", p95="2009", max="2019",
                    implausible=0, default=0, future=0, histogram=(),
                ),
            ),
            newest="2020-10", oldest="2015-01", by_file=(),
        ),
        "geography": (
            model.Geography(
                basis="practitioner", denominator=total, coverage=total / LAB_ROWS,
                departments=tuple(model.Place(code=c, name=n, n=round(s * total), share=s) for c, n, s in departments),
                regions=(), communes=(
                    model.Commune(name="Vannes", department="56", n=42_977, share=42_977 / total),
                    model.Commune(name="Lorient", department="56", n=30_111, share=30_111 / total),
                ),
                cumulative=0.934,
            ),
        ),
        "demographics": model.Demographics(basis="birth_date", women=0.583, minors=31_204, age_median=52.0, bands=()),
        "risks": (
            model.Risk(id="identity_theft", because=("nir", "last_name")),
            model.Risk(id="phishing", because=("phone", "health_text")),
        ),
        "duties": model.Duties(
            cnil_categories=("etat_civil", "nir", "coordonnees", "sante"), cnil_band="> 5000", records=LAB_ROWS, persons=LAB_PERSONS,
            art9=True, art10=False, nir=True,
        ),
        "problems": (model.ProblemCount(code="encoding_guessed", count=1, remedy="--encoding"),),
    }  # fmt: skip
    return result(columns, LAB_ROWS, LAB_PERSONS, **(base | other))


def written(found: model.Result, titles: Titles = TITLES) -> model.Result:
    """The result with its summary."""
    return msgspec.structs.replace(found, summary=summary.write(found, titles))


def delivery() -> model.Result:
    """Delivery addresses, far more rows than persons."""
    labels = (("last_name", "identity"), ("phone", "contact"), ("email", "contact"), ("address", "address"), ("lat_long", "location"))
    columns = tuple(column(i, label, class_id, 27_561_592, rows=27_561_592) for i, (label, class_id) in enumerate(labels))
    return result(columns, 27_561_592, 412_880)


def hashed_emails() -> model.Result:
    """Hashes of mail addresses and nothing else: codes that designate nobody."""
    return result((column(0, "id", "generic", 1_000, rows=1_000),), 1_000, None)


def appointments() -> model.Result:
    """Appointments, several to a person; the persons are an estimate by two keys."""
    rows = 6_128
    labels = (
        ("last_name", "identity"), ("email", "contact"), ("phone", "contact"), ("appointment", "health"),
        ("specialty", "health_professional"),
    )  # fmt: skip
    columns = tuple(column(i, label, class_id, rows, rows=rows) for i, (label, class_id) in enumerate(labels))
    base = result(columns, rows, 5_449)
    persons = model.Persons(estimate=5_449, low=5_012, high=5_601, basis="email+phone", exact=False, standard_error=12.5)
    return msgspec.structs.replace(
        base,
        tables=(table(rows, 5, unit="appointments"),),
        size=msgspec.structs.replace(base.size, persons=persons),
        claims=(
            model.Claim(
                by="Doctolib",
                role="organisation",
                count=6_158,
                unit="appointments",
                measured=rows,
                measured_unit="rows",
                ratio=rows / 6_158,
            ),
        ),
    )


def telecom() -> model.Result:
    """The telecom dump that Zataz summed up on 24/04/2025."""
    rows = 16_397_079
    found = (
        ("full_name", "identity", rows), ("email", "contact", 14_003_002), ("phone", "contact", 3_629_587), ("ip", "technical", 2_655_791),
        ("iban", "financial_id", 851), ("card", "financial_id", 81),
    )  # fmt: skip
    columns = tuple(column(i, label, class_id, n, rows=rows) for i, (label, class_id, n) in enumerate(found))
    base = result(columns, rows, 13_500_000)
    mails = 14_003_002
    return msgspec.structs.replace(
        base,
        inputs=msgspec.structs.replace(
            base.inputs, bytes=2_000_000_000, files_count=11, formats=(model.FormatCount(format="csv", files=11, bytes=2_000_000_000),),
            files=tuple(
                model.InputFile(path=f"telecom/part{i}.csv", bytes=1, sha256="cd" * 32, kind="csv", status="ok") for i in range(11)
            ),
        ),
        size=msgspec.structs.replace(base.size, unique=model.Unique(email=mails, phone=3_629_587)),
        contact=model.Contact(
            email_domains=(
                model.EmailDomain(domain="hotmail.fr", rows=2_962_078, share=2_962_078 / mails),
                model.EmailDomain(domain="gmail.com", rows=2_661_251, share=2_661_251 / mails),
            ),
            fr_share=7_276_783 / mails,
        ),
        geography=(
            model.Geography(
                basis="patient", denominator=1_000_000, coverage=1_000_000 / rows,
                departments=(model.Place(code="75", name="Paris", n=42_977, share=0.042977),), regions=(),
                communes=(
                    model.Commune(name="Paris", department="75", n=42_977, share=0.042977),
                    model.Commune(name="Marseille", department="13", n=20_114, share=0.020114),
                ),
                cumulative=0.042977,
            ),
        ),
    )  # fmt: skip


def everything() -> model.Result:
    """The lab leak with every section that may be empty filled, and with files that were not read whole."""
    base = lab()
    files = (
        *base.inputs.files,
        model.InputFile(
            path="lab/b.sql", bytes=10, sha256=None, kind="sql", status="partial",
            problems=(
                model.FileProblem(code="truncated", entry="lab/b.sql", count=1),
                model.FileProblem(code="rows_rejected", entry="lab/b.sql", count=1),
            ),
        ),
    )  # fmt: skip
    formats = (*base.inputs.formats, model.FormatCount(format="sql", files=1, bytes=10))
    return msgspec.structs.replace(
        base,
        size=msgspec.structs.replace(base.size, units={"accounts": 169_950}),
        claims=(
            model.Claim(
                by="x", role="seller", count=4_918_400, unit="rows", measured=LAB_ROWS, measured_unit="rows", ratio=0.1,
                at_scale=(model.Scaled(label="email", role="patient", estimate=585_290, low=580_001, high=590_002),),
            ),
        ),
        combinations=(model.Combination(id="minor_health", labels=("birth_date", "health_text"), rows=40, persons=36),),
        demographics=msgspec.structs.replace(base.demographics, deceased=1_204),
        geography=(
            msgspec.structs.replace(
                base.geography[0], basis="phone_prefix", departments=(), communes=(), one_in=142,
                zones=(model.Place(code="2", name="Nord-Ouest", n=300_000, share=0.63),),
            ),
        ),
        inputs=msgspec.structs.replace(base.inputs, files_count=2, files=files, formats=formats),
        tables=(
            table(LAB_ROWS, 14, rows_read=LAB_ROWS - 1, rows_rejected=1, rows_exact_dup=1_475),
            table(0, 2, index=1, kind="sql", table="users", encoding=None, delimiter=None),
        ),
        financial=model.Financial(iban=model.Keyed(rows=851, valid=850), card=model.Keyed(rows=1, valid=0)),
        origin=model.Origin(
            organisations=model.Organisations(distinct=28, kinds=("laboratory",), first_share=0.22, column="LABO"),
            sequences=(model.Sequence(column="NUMDOS", density=0.42, gaps=17),),
            clues=(model.Clue(kind="software", value="DXLAB"),),
        ),
        authenticity=model.Authenticity(
            checks=(
                model.Check(id="nir_key", n=1000, passed=998, rate=0.998, verdict="consistent"),
                model.Check(id="rpps_key", n=100, passed=60, rate=0.6, verdict="mixed"),
            ),
            verdict="mixed", signs=("few_last_names",), schema_breaks=(model.SchemaBreak(table=0, row=1000, columns=("NSS",)),),
        ),
        overlap=(
            model.Overlap(reference="a\x1bb", fields=("email",), rows_common=10, share_here=0.59, share_there=0.9, extra_fields_common=()),
        ),
        severity=msgspec.structs.replace(
            base.severity,
            distribution=model.Distribution(low=10, medium=1_830, high=0, very_high=490_000),
            enisa=msgspec.structs.replace(base.severity.enisa, flags=model.EnisaFlags(over_100=True, unintelligible=True)),
        ),
        limits=(model.Limit(code="incomplete"), model.Limit(code="no_lookup")),
        duties=msgspec.structs.replace(base.duties, art10=True),
    )  # fmt: skip


def sampled() -> model.Result:
    """The lab leak read in part: 2,000 rows of some 491,000."""
    rows, of = 2_000, LAB_ROWS
    columns = tuple(msgspec.structs.replace(c, filled=c.filled * rows // of) for c in lab_columns())
    whole = model.Estimate(estimate=491_120, low=480_004, high=502_236)
    return lab(
        columns=columns,
        tables=(table(rows, len(columns), sampled=True, rows_estimated=whole),),
        types=tuple(type_of(c, rows) for c in columns),
        limits=(model.Limit(code="sampled"),),
        claims=(model.Claim(by="x", role="seller", count=758_912, unit="rows", measured=rows, measured_unit="rows", ratio=rows / 758_912),),
    )


SHAPES = {
    "sampled": sampled,
    "lab": lab,
    "lab without health": lambda: result(lab_columns(health=False), LAB_ROWS, LAB_PERSONS, context=Context(controller="health")),
    "delivery": delivery,
    "hashed e-mails": hashed_emails,
    "appointments": appointments,
    "telecom": telecom,
    "everything": everything,
    "nothing": lambda: result((), 0, None, tables=(), types=()),
}
