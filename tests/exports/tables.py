"""Exports of many trades with the label of every column: names of columns as hospitals, insurers, shops and schools write them.

A column is ``name = maker : label``; ``|`` stands between labels that are all right. Written from what such files look like,
not from the words of the rules.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from exports.values import M, Maker, digits, one, person, some, tax

EXTRA: dict[str, Maker] = {
    "ipp": digits(8, "80"),
    "licence": digits(9, "29"),
    "ine": lambda d, _p: digits(9)(d, {}) + d.choice("ABCDEFGHJK") * 2,
    "classe": one("6A", "5B", "4C", "3A", "2GT1"),
    "police": lambda d, _p: f"AU{digits(8)(d, {})}",
    "contrat": lambda d, _p: f"C{digits(7)(d, {})}",
    "specialite": one("CARDIOLOGIE", "PEDIATRIE", "Médecine générale", "GYNECOLOGIE", "Dermatologie", "ORL"),
    "mutuelle": one("HARMONIE MUTUELLE", "MGEN", "AXA SANTE", "SWISSLIFE", "MUTUELLE GENERALE", "PRO BTP"),
    "hopital": one("CHU DE RENNES", "CLINIQUE SAINT-LAURENT", "CH DE VANNES", "Hôpital Cochin", "CLINIQUE DU PARC", "CHRU BREST"),
    "service": one("URGENCES", "CARDIO", "REA", "MEDECINE A", "PEDIATRIE"),
    "metier": one("INFIRMIERE", "COMPTABLE", "Enseignant", "RETRAITE", "CHAUFFEUR", "AGRICULTEUR", "SECRETAIRE"),
    "salaire": lambda d, _p: f"{d.randint(1400, 5200)},{d.randint(0, 99):02d}",
    "syndicat": some(0.2, one("CGT", "CFDT", "FO", "CFE-CGC", "SUD")),
    "religion": some(0.3, one("catholique", "musulmane", "juive", "protestante", "athée", "bouddhiste")),
    "orientation": one("hétérosexuel", "homosexuel", "bisexuel", "hétérosexuelle", "lesbienne"),
    "situation": one("Marié(e)", "Célibataire", "Divorcé(e)", "Pacsé(e)", "Veuf(ve)"),
    "passeport": lambda d, _p: f"{digits(2)(d, {})}{d.choice('ABCDEFGH')}{d.choice('ABCDEFGH')}{digits(5)(d, {})}",
    "amc": digits(8, "35"),
    "ccam": one("HHFA001", "JKHD001", "DEQP003", "YYYY001", "HBLD038", "ZBQK002"),
    "actif": one("0", "1"),
    "societe": lambda d, p: f"{d.choice(['SARL', 'SAS', 'ETS', 'SCI'])} {p['last']}",
    "site": lambda _d, p: f"https://www.{p['last'].lower().replace(' ', '-')}.fr",
    "tva": lambda d, _p: tax(d),
    "nir13f": lambda _d, p: f"{float(p['nir13']):.1f}" if p["nir13"].isdigit() else "",
    "cpf": lambda _d, p: f"{int(p['postal'])}.0",
    "telf": lambda d, p: f"{int(M['tel'](d, p))}.0",
    "tel_sans0": lambda d, p: str(int(M["tel"](d, p))),
    "cp_sans0": lambda _d, p: str(int(p["postal"])),
    "age": lambda _d, p: str(2024 - p["year"]),
    "resultat": one("négatif", "positif", "négatif", "indéterminé"),
    "sph": lambda d, _p: f"{d.choice('+-')}{d.randint(0, 6)}.{d.choice(['00', '25', '50', '75'])}",
    "tension": lambda d, _p: f"{d.randint(10, 17)}/{d.randint(6, 10)}",
    "poids": lambda d, _p: f"{d.uniform(45, 110):.1f}".replace(".", ","),
    "allergie": some(0.3, one("Pénicilline", "Arachide", "Latex", "Pollens", "Aspirine", "Iode")),
    "latitude": lambda d, _p: f"{d.uniform(43, 49):.6f}",
    "achat": one("Machine à laver", "Chaussures homme 43", "Livre de cuisine", "Casque audio", "Vélo enfant"),
    "lien": one("CONJOINT", "ENFANT", "ASSURE"),
    "exp": lambda d, _p: f"{d.randint(1, 12):02d}/{d.randint(25, 29)}",
    "cvv": digits(3),
    "handicap": some(0.2, one("AAH", "RQTH", "PCH", "MDPH en cours")),
}
MAKERS = M | EXTRA

TABLES = {
    "hospital, capitals": """
        IPP = ipp : patient_id
        NOM_USUEL = nom : last_name
        NOM_NAISSANCE = nom : birth_name
        PRENOM = prenom_maj : first_name
        DDN = ddn : birth_date
        SEXE = sexe_mf : sex
        NUM_SS = nir13 : nir
        CLE_SS = cle : nir_key
        ADR1 = adresse : address
        ADR2 = adresse2 : address
        CP = cp : postal_code
        VILLE = ville_maj : city
        TEL_DOM = tel : phone
        TEL_PORT = tel_esp : phone
        MED_TRT = medecin : practitioner
        UF = service : category
        DT_ENTREE = date : date|appointment
        DT_SORTIE = date : date|appointment
        DIAG_PAL = cim : diagnosis""",
    "laboratory, short names": """
        PATNUM = numero : patient_id
        PATNOM = nom : last_name
        PATNJF = nom : birth_name
        PATPRE = prenom_maj : first_name
        PATDN = ddn : birth_date
        PATSEX = sexe_12 : sex
        PATNSS = nir15 : nir
        PATADR = adresse : address
        PATCP = cp : postal_code
        PATVIL = ville_maj : city
        PATTEL = tel : phone
        PRSNOM = nom : last_name
        PRSRPPS = rpps : rpps
        GRPSANG = abo : blood_group
        RHESUS = rh : blood_group
        COMMENT = clinique : health_text|free_text""",
    "mutual insurer, prefixes": """
        ADH_NUM_CONTRAT = contrat : contract_id
        ADH_CIVILITE = civ : title
        ADH_NOM = nom : last_name
        ADH_PRENOM = prenom : first_name
        ADH_DTNAIS = ddn_iso : birth_date
        ADH_NIR = nir15 : nir
        ADH_RIB_IBAN = iban : iban
        ADH_RIB_BIC = bic : bic
        ADH_MAIL = mail : email
        BEN_NOM = nom : last_name
        BEN_PRENOM = prenom : first_name
        BEN_DTNAIS = ddn_iso : birth_date
        BEN_LIEN = lien : household|category
        MT_REMB = montant : reimbursement""",
    "telecom": """
        msisdn = tel33 : phone
        iccid = iccid : sim
        imei_terminal = imei : imei
        titulaire_nom = nom_min : last_name
        titulaire_prenom = prenom : first_name
        adresse_facturation = adresse : address
        code_postal_facturation = cp : postal_code
        ville_facturation = ville : city
        email_contact = mail : email
        iban_prelevement = iban_esp : iban
        date_souscription = date_iso : date""",
    "web shop, camelCase English": """
        customerId = numero : id|contract_id
        firstName = prenom : first_name
        lastName = nom_min : last_name
        emailAddress = mail : email
        phoneNumber = tel33 : phone
        billingAddress1 = adresse : address
        billingCity = ville : city
        billingZip = cp : postal_code
        billingCountry = pays : country
        dateOfBirth = ddn_iso : birth_date
        createdAt = horodatage : datetime
        lastLoginIp = ip : ip
        passwordHash = bcrypt : password_hash""",
    "job seekers": """
        id_de = numero : id
        nir = nir13 : nir
        nom = nom : last_name
        prenom = prenom_maj : first_name
        mail = mail : email
        tel = tel : phone
        date_inscription = date_iso : date
        commune_residence = ville : city
        code_insee_residence = insee : insee_code
        metier_recherche = metier : profession""",
    "sports club, accents and signs": """
        N° licence = licence : id|contract_id|code
        Nom = nom : last_name
        Prénom = prenom : first_name
        Né(e) le = ddn : birth_date
        Sexe = sexe_hf : sex
        Nationalité = nationalite : nationality
        Adresse complète = adresse_complete : address
        Téléphone = tel_points : phone
        E-mail = mail : email
        Certificat médical = date : date""",
    "school": """
        INE = ine : id|code
        Nom élève = nom : last_name
        Prénom élève = prenom : first_name
        Date de naissance = ddn : birth_date
        Classe = classe : category|code
        Nom resp. 1 = nom : last_name
        Prénom resp. 1 = prenom : first_name
        Tél. resp. 1 = tel_esp : phone
        Courriel resp. 1 = mail : email""",
    "payroll": """
        Matricule = numero : id|patient_id|code
        Nom patronymique = nom : birth_name
        Prénom usuel = prenom : first_name
        N° Sécurité sociale = nir_esp : nir
        Date naissance = ddn : birth_date
        Commune de naissance = lieu : birth_place
        Adresse 1 = adresse : address
        CP = cp : postal_code
        Bureau distributeur = ville_maj : city
        RIB/IBAN = iban : iban
        Date d'embauche = date : date
        Emploi = metier : profession
        Salaire brut = salaire : income
        Syndicat = syndicat : union_membership""",
    "pharmacy": """
        num_ordonnance = numero : id|code
        date_delivrance = date_iso : date
        nir_assure = nir15 : nir
        nom_patient = nom : last_name
        prenom_patient = prenom_maj : first_name
        code_cip13 = cip13 : drug|code
        libelle_medicament = medicament : drug|prescription
        posologie = posologie : posology
        nom_prescripteur = medecin : practitioner
        rpps_prescripteur = rpps : rpps
        organisme_amc = mutuelle : insurer
        num_amc = amc : insurer_id
        part_ro = montant : reimbursement|amount""",
    "appointments": """
        appointment_id = numero : id|code
        start_date = horodatage : appointment|datetime|date
        patient_first_name = prenom : first_name
        patient_last_name = nom : last_name
        patient_birthdate = ddn_iso : birth_date
        patient_phone = tel33 : phone
        patient_email = mail : email
        agenda_name = medecin : practitioner
        speciality = specialite : specialty
        patient_comment = clinique : health_text|free_text""",
    "car insurance": """
        num_police = police : contract_id
        immat_vehicule = plaque : vehicle_plate
        conducteur_nom = nom : last_name
        conducteur_prenom = prenom : first_name
        conducteur_date_naissance = ddn : birth_date
        date_obtention_permis = date : date
        tel_mobile = tel : phone
        prime_ttc = montant : amount|number""",
    "bank": """
        id_client = numero : id|contract_id
        civ = civ_long : title
        nom = nom : last_name
        nom_jeune_fille = nom : birth_name
        prenom = prenom_maj : first_name
        dt_nais = ddn_compact : birth_date
        lieu_nais = lieu : birth_place
        dpt_nais = dept : department|birth_place
        adr_ligne1 = adresse : address
        adr_cp = cp : postal_code
        adr_ville = ville_maj : city
        cd_insee = insee : insee_code
        compte_iban = iban : iban
        solde = montant : amount|number
        revenus_mensuels = salaire : income
        sit_fam = situation : marital_status""",
    "forum": """
        userid = numero : id|code
        username = login : login
        email = mail : email
        password = md5 : password_hash
        ipaddress = ip : ip
        joindate = horodatage : datetime|date
        birthday = ddn_iso : birth_date""",
    "dating": """
        pseudo = login : login
        adresse_mail = mail : email
        mdp = mdp : password
        sexe = sexe_hf : sex
        orientation = orientation : sexual_orientation
        date_naissance = ddn_iso : birth_date
        code_postal = cp : postal_code
        localite = ville : city
        religion = religion : religion""",
    "business contacts": """
        Nom complet = prenom_nom : full_name
        Raison sociale = societe : company
        Fonction = metier : profession
        N° SIRET = siret : siret
        N° SIREN = siren : siren
        TVA intracommunautaire = tva : vat
        Tél. fixe = tel_points : phone
        Portable = tel_points : phone
        Site internet = site : url""",
    "hotel": """
        guest_name = prenom_nom : full_name
        nationality = nationalite : nationality
        passport_no = passeport : passport
        arrival = date_iso : date
        departure = date_iso : date
        card_number = carte : card
        card_exp = exp : card_expiry
        cvv = cvv : cvv""",
    "screening": """
        nom_naissance = nom : birth_name
        prenoms = prenom : first_name
        datenaiss = ddn : birth_date
        genre = sexe_mf : sex
        secu = nir15 : nir
        date_prelevement = date : date
        resultat_pcr = resultat : lab_result
        portable = tel : phone
        cp_residence = cp : postal_code""",
    "blood donors": """
        NUM_DONNEUR = numero : patient_id|id
        NOM_MARITAL = nom : last_name
        NOM_PATRONYMIQUE = nom : birth_name
        PRENOM_1 = prenom_maj : first_name
        DATE_NAISS = ddn : birth_date
        GR_SANG = groupe : blood_group
        DERNIER_DON = date : date""",
    "hospital base, Hungarian": """
        tblPat_strNom = nom : last_name
        tblPat_strPrenom = prenom : first_name
        tblPat_dtNaissance = ddn_iso : birth_date
        tblPat_strNumSecu = nir15 : nir
        tblPat_strTel = tel : phone
        tblPat_memObservations = clinique : health_text|free_text
        tblPat_strAllergies = allergie : allergy
        tblPat_strTA = tension : vital_sign|unknown""",
    "spreadsheet that lost its zeros": """
        Nom = nom : last_name
        Prenom = prenom : first_name
        Numero secu = nir13f : nir
        Code postal = cpf : postal_code
        Telephone = telf : phone
        Portable = tel_sans0 : phone
        CP naissance = cp_sans0 : birth_place|postal_code""",
    "facility list": """
        FINESS_ET = finess : finess
        RAISON_SOCIALE = hopital : health_facility|company
        ADRESSE = adresse : address
        COMMUNE = ville_maj : city
        DEPARTEMENT = dept : department
        TELEPHONE = tel : phone""",
    "social aid": """
        num_allocataire = numero : id|contract_id|patient_id
        nom_prenom = nom_prenom : full_name
        age = age : age
        situation_matrimoniale = situation : marital_status
        handicap = handicap : health_text|free_text|category|allergy
        observations = commentaire : free_text
        agent_traitant = nom_prenom : full_name""",
}


class Column(NamedTuple):
    """Its name, the labels that are right, its cells."""

    name: str
    truth: tuple[str, ...]
    cells: list[str]


def tables(rows: int, texts: Mapping[str, str] = TABLES, makers: Mapping[str, Maker] = MAKERS) -> Iterator[tuple[str, list[Column]]]:
    """Each table with its columns."""
    for title, text in texts.items():
        draw = random.Random(title)
        people = [person(draw, n) for n in range(rows)]
        columns = []
        for line in text.strip().splitlines():
            name, told = line.strip().split(" = ")
            maker, labels = told.split(" : ")
            columns.append(Column(name, tuple(labels.split("|")), [makers[maker](draw, p) for p in people]))
        yield title, columns
