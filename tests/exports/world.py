"""Tables in which one word means something else than in a patients' file: written as ``tables``, read with their names only."""

from __future__ import annotations

from exports.tables import MAKERS as KNOWN
from exports.values import Maker, one

MAKERS: dict[str, Maker] = KNOWN | {
    "heure": lambda d, _p: f"{d.randint(8, 18):02d}:{d.choice(['00', '15', '30', '45'])}",
    "taille_cm": lambda d, _p: str(d.randint(158, 204)),
    "poids_kg": lambda d, _p: str(d.randint(52, 118)),
    "corps_de_metier": one("Façade et bardage", "Démolition", "Étanchéité", "Électricité", "Plomberie", "Gros œuvre"),
    "social": one("ouverture des droits", "renouvellement", "remise de courrier", "premier entretien"),
}

TABLES = {
    "social workers' appointments": """
        nom = nom : last_name
        prenom = prenom : first_name
        date_naissance = ddn : birth_date
        date_rdv = date : date
        rdv = horodatage : datetime
        motif = social : category
        agent = nom_prenom : full_name|category""",
    "estate agents' appointments": """
        client = nom_prenom : full_name
        telephone = tel : phone
        appointment_date = date_iso : date
        prochain_rdv = date : date
        bien = adresse : address""",
    "doctors' appointments": """
        nom = nom : last_name
        prenom = prenom : first_name
        date_rdv = date : appointment
        heure_rdv = heure : appointment
        medecin = medecin : practitioner""",
    "appointments of patients, no doctor named": """
        patient_nom = nom : last_name
        patient_tel = tel : phone
        rdv = horodatage : appointment""",
    "appointments of whom notes say that they are ill": """
        nom = nom : last_name
        prenom = prenom : first_name
        date_rdv = date : appointment
        note = clinique : health_text""",
    "football players": """
        joueur = nom_prenom : full_name
        date_naissance = ddn_iso : birth_date
        taille = taille_cm : number
        poids = poids_kg : number
        height = taille_cm : number
        weight_kg = poids_kg : number""",
    "patients measured": """
        nom_patient = nom : last_name
        prenom = prenom : first_name
        taille = taille_cm : vital_sign
        poids = poids_kg : vital_sign""",
    "building trades": """
        raison_sociale = societe : company
        specialite = corps_de_metier : category
        telephone = tel : phone
        email = mail : email""",
    "doctors": """
        nom = nom : last_name
        prenom = prenom : first_name
        specialite = specialite : specialty
        rpps = rpps : rpps""",
}
