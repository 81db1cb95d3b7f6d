"""Names of columns as programs and forms write them, each with its labels and, after ``@``, whose data it is.

They were put together after the rules, from what exports of registration forms, shops, universities, insurers and hospitals
call their columns; the first table of names is a school's, whose pages ask for a bank and for both parents.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from exports.tables import MAKERS, Column
from exports.values import person

TABLES = {
    "inscriptions": """
        RefCandidature = contrat : id|code|contract_id
        Nom = nom : last_name
        Prenom = prenom : first_name
        Adresse = adresse : address
        Cp = cp : postal_code
        Ville = ville : city
        Pays = pays : country
        Tel = tel : phone
        Tel2 = tel : phone
        TelTravail = tel : phone
        Email = mail : email
        SituationFamiliale = situation : marital_status
        SituationPro = metier : profession
        Profession = metier : profession
        Iban = iban : iban
        Bic = bic : bic
        AdresseBanque = adresse : address @establishment
        CpBanque = cp : postal_code @establishment
        VilleBanque = ville : city @establishment
        Entreprise = societe : company
        AdresseEntreprise = adresse : address @establishment
        CpEntreprise = cp : postal_code @establishment
        Contact_Pere_Nom = nom : last_name @relative
        Contact_Pere_Prenom = prenom : first_name @relative
        Contact_Pere_Tel = tel : phone @relative
        Contact_Pere_Cp = cp : postal_code @relative
        Contact_Mere_Email = mail : email @relative""",
    "shop clients": """
        nom = nom : last_name
        prenom = prenom_maj : first_name
        adresse = adresse : address
        cp = cp : postal_code
        ville = ville_maj : city
        politesse = civ : title
        telp = tel : phone
        telt = tel : phone
        Sexe = sexe_mf : sex
        JAnni = ddn : birth_date|date
        EnCours = montant : amount|number
        pays = pays : country
        Numero = numero : id|code|contract_id
        obs = commentaire : free_text""",
    "students": """
        Code_NIP = numero : id|code|patient_id
        Code_INE = ine : id|code
        nom_usuel = nom : last_name
        prenom = prenom : first_name
        sexe(M/F) = sexe_mf : sex
        date_naissance = ddn : birth_date
        lieu_naissance = lieu : birth_place
        telephone = tel : phone
        codepostal = cp : postal_code
        ville = ville : city
        mail_perso = mail : email""",
    "agency": """
        causes = metier : profession|category|unknown
        nom = nom : last_name
        prenom = prenom : first_name
        tel perso = tel_points : phone
        tel pro = tel_points : phone
        portable = tel_points : phone
        email = mail : email
        commercial = nom_prenom : full_name|last_name|first_name""",
    "crm": """
        Contact ID = numero : id|code|contract_id
        Full Name = prenom_nom : full_name
        Mobile = tel33 : phone
        Mailing Street = adresse : address
        Mailing City = ville : city
        Mailing Zip/Postal Code = cp : postal_code
        Created Date = date : date
        Birthdate = ddn_iso : birth_date
        Email Opt Out = actif : boolean|number|category
        Last Modified By = prenom_nom : full_name""",
    "social security": """
        NUM_ASSURE = nir15 : nir
        NOM_ASSURE = nom : last_name
        PRENOM_ASSURE = prenom_maj : first_name
        DT_NAISS_ASSURE = ddn : birth_date
        NOM_BENEF = nom : last_name
        PRENOM_BENEF = prenom_maj : first_name
        DT_NAISS_BENEF = ddn : birth_date
        QUAL_BENEF = lien : household|category
        CAISSE_GEST = dept : insurer_id|code|number
        NUM_PS = rpps : rpps|adeli
        DT_SOINS = date : date|appointment
        CODE_ACTE = ccam : medical_act
        MT_DEPENSE = montant : amount|number|reimbursement
        MT_REMBOURSE = montant : reimbursement
        LIB_MEDICAMENT = medicament : drug|prescription
        CIM10_PRINC = cim : diagnosis""",
    "hospital stays": """
        IPP = ipp : patient_id
        IEP = numero : id|code
        NOM_PATRONYMIQUE = nom : birth_name
        NOM_MARITAL = nom : last_name
        PRENOM = prenom_maj : first_name
        DDN = ddn_compact : birth_date
        SEX = sexe_12 : sex
        COD_POSTAL = cp : postal_code
        LIB_COM = ville_maj : city
        DT_ENT = ddn_compact : date|birth_date
        UF_HEB = service : category
        MED_RESP = medecin : practitioner
        TEL1 = tel : phone
        PERS_PREV = nom_prenom : full_name
        DP = cim : diagnosis
        DAS1 = cim : diagnosis
        GPE_SANG = groupe : blood_group
        ATCD = clinique : health_text|free_text
        CR = clinique : health_text|free_text""",
    "english hospital": """
        PatientID = ipp : patient_id
        GivenName = prenom : first_name
        FamilyName = nom : last_name
        DOB = ddn_iso : birth_date
        Gender = sexe_mf : sex
        SSN = nir15 : nir
        Street = adresse : address
        Zip = cp : postal_code
        Town = ville : city
        HomePhone = tel33 : phone
        BloodType = groupe : blood_group
        Allergies = allergie : allergy|category
        Medication = medicament : drug|prescription
        Dosage = posologie : posology
        Diagnosis = cim : diagnosis
        GP_Name = medecin : practitioner
        Insurance = mutuelle : insurer
        EmergencyContactPhone = tel33 : phone @relative
        Notes = clinique : health_text|free_text""",
    "lower glued": """
        idclient = numero : id|contract_id
        nomclient = nom : last_name
        prenomclient = prenom : first_name
        datenaissance = ddn : birth_date
        numtel = tel : phone
        adressemail = mail : email
        codepostal = cp : postal_code
        nomville = ville : city
        numsecu = nir13 : nir
        clesecu = cle : nir_key
        numcb = carte : card
        dateexp = exp : card_expiry
        motdepasse = mdp : password
        groupesanguin = groupe : blood_group""",
    "odd signs": """
        N° SS = nir15 : nir
        D.D.N. = ddn : birth_date
        C.P. = cp : postal_code
        Tél. : = tel : phone
        Adr. mail = mail : email
        M/Mme = civ : title
        Nom & Prénom = nom_prenom : full_name
        Nom de l’épouse = nom : last_name|birth_name @relative
        Gr. sanguin = groupe : blood_group
        Méd. traitant = medecin : practitioner""",
}


def tables(rows: int) -> Iterator[tuple[str, list[tuple[Column, str]]]]:
    """Each table with its columns and their roles ("" where any will do)."""
    for title, text in TABLES.items():
        draw = random.Random(title)
        people = [person(draw, n) for n in range(rows)]
        columns = []
        for line in text.strip().splitlines():
            name, told = line.strip().rsplit(" = ", 1)
            maker, labels = told.split(" : ")
            labels, _, role = labels.partition(" @")
            columns.append((Column(name, tuple(labels.split("|")), [MAKERS[maker](draw, p) for p in people]), role))
        yield title, columns
