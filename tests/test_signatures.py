"""Tables told by their form: programs and public registers; what is public weighs less and is said to be public."""

from __future__ import annotations

from pathlib import Path

import pytest

from triage import resources, rulekit, rules, scan, signatures

KNOWN = signatures.load(resources.rules_dir())
RPPS = ["Type d'identifiant PP", "Identifiant PP", "Identification nationale PP", "Code civilité", "Nom d'exercice", "Prénom d'exercice"]
RPPS += ["Code profession", "Libellé profession"]
FINESS = [
    "nofinesset",
    "nofinessej",
    "rs",
    "rslongue",
    "complrs",
    "typvoie",
    "voie",
    "departement",
    "telephone",
    "categetab",
    "libcategetab",
    "siret",
]
PRESTASHOP = [
    "id_customer",
    "id_gender",
    "id_default_group",
    "firstname",
    "lastname",
    "email",
    "passwd",
    "last_passwd_gen",
    "secure_key",
    "is_guest",
]
GALETTE = ["id_adh", "id_statut", "nom_adh", "prenom_adh", "pseudo_adh", "societe_adh", "titre_adh", "ddn_adh", "cp_adh", "ville_adh"]
WORDPRESS = ["ID", "user_login", "user_pass", "user_nicename", "user_email", "user_url", "user_registered", "display_name"]


@pytest.mark.parametrize(
    ("name", "columns", "expected"),
    [
        (None, RPPS, "rpps_directory"),
        (None, [c.upper() for c in RPPS], "rpps_directory"),
        (None, [*RPPS, "Date de naissance", "Lieu de naissance"], None),
        (None, FINESS, "finess_directory"),
        (None, [*FINESS, "nom", "prenom"], None),
        ("galette_adherents", GALETTE, "galette"),
        ("wp_users", WORDPRESS, "wordpress"),
        ("site.abc_users", WORDPRESS, "wordpress"),
        ("ps_customer", PRESTASHOP, "prestashop"),
        (
            "objets_data",
            ["id", "fromID", "byID", "toID", "typeID", "parentTypeID", "instance", "registerDate", "creationDate", "value"],
            "medshakeehr",
        ),
        (
            "llx_adherent",
            ["rowid", "ref", "entity", "lastname", "firstname", "fk_adherent_type", "morphy", "datevalid", "datec"],
            "dolibarr",
        ),
        ("llx_societe", ["rowid", "nom", "entity", "datec", "tms"], "dolibarr"),
        ("patients", ["patient_id", "nom", "prenom", "naissance", "matricule", "code_regime", "caisse_gest", "centre_gest"], "mediboard"),
        ("IR_BEN_R", ["BEN_NIR_PSA", "BEN_RNG_GEM", "BEN_SEX_COD", "BEN_NAI_ANN"], "snds"),
        ("patients", ["patient_id", "nom", "prenom", "naissance"], None),
        ("users", ["id", "email", "password", "name", "created_at"], None),
        (None, [""] * 12, None),
    ],
)
def test_a_table_is_told_by_its_names(name, columns, expected):
    assert KNOWN.of(name, "dump/x.csv", columns) == expected


def test_headless_files_of_the_medicines_base_are_told_by_name_and_width():
    assert KNOWN.of(None, "a.zip!bdpm/CIS_bdpm.txt", [""] * 12) == "bdpm"
    assert KNOWN.of(None, "CIS_bdpm.txt", [""] * 11) is None


def directory(folder: Path, more: str = "") -> Path:
    names = ["MARTIN|Sophie", "BERNARD|Luc", "PETIT|Anne", "DURAND|Paul", "LEROY|Julie", "MOREAU|Hugo"]
    lines = ["|".join(RPPS) + (f"|{more}" if more else "")]
    numbers = ("10000000017", "10000000025", "10000000033", "10000000041", "10000000058", "10000000066")
    cell = "|12/03/1985" if more else ""
    lines += [f"8|{n}|8{n}|MME|{who}|10|Médecin{cell}" for n, who in zip(numbers, names, strict=True)]
    path = folder / "PS_LibreAcces.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_public_directory_is_said_to_be_public_and_weighs_less(tmp_path):
    result = scan([directory(tmp_path)])
    assert result.tables[0].signature == "rpps_directory"
    assert (result.severity.enisa.dpc, result.severity.enisa.cb.confidentiality) == (1, 0.0)
    assert result.severity.enisa.band == "low"
    assert [r.code for r in result.severity.enisa.dpc_reasons] == ["published_before"]
    said = {s.id: s.text for s in result.summary.fr}
    assert "annuaire public des professionnels de santé" in said["S10.public"]
    assert "6 lignes" in said["S10.public"].replace("\u202f", " ").replace("\u00a0", " ")
    assert "données publiques avant la fuite" in said["S10.assumed"]


def test_the_file_for_authorised_readers_is_not_public(tmp_path):
    result = scan([directory(tmp_path, "Date de naissance")])
    assert result.tables[0].signature is None
    assert result.severity.enisa.cb.confidentiality == 0.5
    assert "S10.public" not in {s.id for s in result.summary.fr}


def test_one_table_that_is_not_public_keeps_the_whole_severity(tmp_path):
    directory(tmp_path)
    (tmp_path / "clients.csv").write_text("nom;prenom;email\n" + "MARTIN;Sophie;s.martin@example.org\n" * 20, encoding="utf-8")
    result = scan([tmp_path])
    assert result.severity.enisa.cb.confidentiality == 0.5
    assert "S10.public" in {s.id for s in result.summary.en}


@pytest.mark.parametrize(
    "body", ['id = "x"', 'id = "x"\ntitle = {fr = "a"}\nreferences = []\n[[tables]]\ncolumns = ["nom"]\nleast = 1', 'id = "x"\nhue = 1']
)
def test_a_signature_that_proves_too_little_does_not_load(tmp_path, body):
    (tmp_path / "signatures").mkdir()
    (tmp_path / "signatures" / "x.toml").write_text(body, encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.toml"):
        signatures.load(tmp_path)


def test_a_signature_changes_the_hash_of_the_rules_and_is_linted(tmp_path):
    shipped = rules.load(resources.rules_dir())
    (tmp_path / "signatures").mkdir()
    path = tmp_path / "signatures" / "x.toml"
    body = 'id = "{}"\ntitle = {{ fr = "a", en = "a" }}\nreferences = ["p"]\n[[tables]]\ncolumns = ["aa", "bb"]\nleast = 2\n'
    path.write_text(body.format("x"), encoding="utf-8")
    once = rules.load(resources.rules_dir(), tmp_path).hash
    assert once != shipped.hash
    assert rulekit.lint((tmp_path,), shipped) == []
    path.write_text(body.format("y"), encoding="utf-8")
    assert rules.load(resources.rules_dir(), tmp_path).hash not in {once, shipped.hash}
    (complaint,) = rulekit.lint((tmp_path,), shipped)
    assert 'write id = "x"' in complaint
