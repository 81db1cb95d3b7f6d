"""Tables in which one word means something else than in a patients' file: written as ``tables``, read with their names only."""

from __future__ import annotations

from exports.tables import MAKERS as KNOWN
from exports.values import Maker, one

MAKERS: dict[str, Maker] = KNOWN | {
    "heure": lambda d, _p: f"{d.randint(8, 18):02d}:{d.choice(['00', '15', '30', '45'])}",
    "taille_cm": lambda d, _p: str(d.randint(158, 204)),
    "poids_kg": lambda d, _p: str(d.randint(52, 118)),
    "corps_de_metier": one("Façade et bardage", "Démolition", "Étanchéité", "Électricité", "Plomberie", "Gros œuvre"),
    "uuid": lambda d, _p: (
        f"{d.getrandbits(32):08x}-{d.getrandbits(16):04x}-4{d.getrandbits(12):03x}-a{d.getrandbits(12):03x}-{d.getrandbits(48):012x}"
    ),
    "prenom_378": lambda d, p: f"{p['first'].split('-')[0]}{d.randint(10, 999)}",
    "nom_378": lambda d, p: f"{p['last'].title()}{d.randint(10, 999)}",
    "race": one("white", "black", "asian", "other"),
    "inn": one("Atorvastatin", "Metformin", "Ibuprofen", "Lisinopril", "Amoxicillin", "Warfarin"),
    "maladie": one("Asthme", "Diabète", "Cancer du sein", "Hypertension artérielle", "Pneumonie", "Épilepsie"),
    "maladie_id": lambda d, _p: f"M{d.randint(1, 20):02d}",
    "entier": lambda d, _p: str(d.randint(1, 4000)),
    "service_interne": one("RH", "Informatique", "Comptabilité", "Achats"),
    "departement_nom": one("Ille-et-Vilaine", "COTES D'ARMOR", "Finistère", "Haute-Garonne", "Rhône"),
    "collaboration": one(
        "Cité par trois sources concordantes",
        "Citée dans le rapport annuel",
        "Cité comme fournisseur principal",
        "Cité par la presse locale",
    ),
    "hopital_court": one("CH Versailles", "CHU Lyon-Sud", "CH Vannes", "CHR Metz", "CHU Rennes", "CH Brest"),
    "genre_es": one("Masculino", "Femenino"),
    "genre_de": one("männlich", "weiblich"),
    "rue_de": lambda d, _p: f"{d.choice(['Hauptstraße', 'Lindenweg', 'Goethestr.', 'Am Markt'])} {d.randint(1, 90)}",
    "plz": lambda d, _p: f"{d.randint(10000, 99000)}",
    "stadt": one("Berlin", "München", "Hamburg", "Köln", "Leipzig", "Stuttgart"),
    "tel_de": lambda d, _p: f"+49 {d.randint(151, 179)} {d.randint(1000000, 9999999)}",
    "enseigne": one("Le Bistrot du Port", "Crêperie La Goélette", "Pizza Roma", "Chez Léon", "Au Bon Coin", "L'Ardoise", "Le Comptoir"),
    "service_restaurant": one(
        "WiFi", "Plats à emporter / Covid-19", "Banquet, Séminaire", "Service en terrasse", "Plats à emporter / Covid-19, WiFi"
    ),
    "accueil": one("Déficience auditive, Déficience mentale", "Déficience visuelle", "Déficience motrice", "Déficience auditive"),
    "uai": lambda d, _p: f"0{d.randint(100_000, 959_999)}{d.choice('ABCDEFG')}",
    "longitude": lambda d, _p: f"{d.uniform(-4, 7):.6f}",
    "ecole": one(
        "JULES VERNE",
        "LEONARD DE VINCI",
        "MARIE CURIE",
        "JEAN MOULIN",
        "ALBERT CAMUS",
        "LOUISE MICHEL",
        "GEORGE SAND",
        "VICTOR HUGO",
        "EMILE ZOLA",
    ),
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
    "users of a service": """
        user_id = uuid : uuid|id
        username = login : login
        api_key_id = uuid : uuid|id
        total_items = entier : number
        expiry_date = date_iso : date""",
    "synthetic patients": """
        FIRST = prenom_378 : first_name
        LAST = nom_378 : last_name
        MAIDEN = nom_378 : birth_name
        BIRTHDATE = ddn_iso : birth_date
        RACE = race : ethnicity
        med_name = inn : drug""",
    "illnesses by number": """
        patient_id = numero : patient_id
        maladie_id = maladie_id : code|id|category
        nom_maladie = maladie : diagnosis""",
    "staff": """
        nom = nom : last_name
        prenom = prenom : first_name
        departement = service_interne : category
        tel_pers_prev = tel : phone""",
    "companies cited": """
        entreprise = societe : company
        raison = collaboration : free_text|category|unknown
        departement = departement_nom : department""",
    "hospitals by their short names": """
        nom = hopital_court : health_facility
        ville = ville : city""",
    "restaurants": """
        Enseigne = enseigne : company
        Commune = ville : city
        Latitude = latitude : lat_long
        Longitude = longitude : lat_long
        Telephone = tel_esp : phone
        Adresse e-Mail = mail : email
        Services = service_restaurant : category
        Label tourisme handicap = accueil : category""",
    "stations": """
        Nom = ecole : unknown|category
        Ligne = entier : number|category
        Latitude = latitude : lat_long
        Longitude = longitude : lat_long""",
    "deliveries to patients": """
        Nom = prenom_nom : full_name
        Telephone = tel_esp : phone
        Latitude = latitude : lat_long
        Longitude = longitude : lat_long
        Note = clinique : health_text""",
    "schools": """
        Code UAI = uai : code
        Patronyme uai = ecole : category|unknown|full_name
        Commune = ville : city""",
    "German customers": """
        Anrede = civ : title
        Vorname = prenom : first_name
        Nachname = nom_min : last_name
        Geburtsdatum = ddn : birth_date
        Geschlecht = genre_de : sex
        Strasse = rue_de : address
        PLZ = plz : postal_code
        Ort = stadt : city
        Telefon = tel_de : phone
        Blutgruppe = groupe : blood_group
        Krankenkasse = mutuelle : insurer""",
    "Spanish patients": """
        id_paciente = numero : patient_id
        nombre = prenom : first_name
        apellidos = nom_min : last_name
        fecha_nacimiento = ddn : birth_date
        sexo = genre_es : sex
        direccion = adresse : address
        correo = mail : email
        grupo_sanguineo = groupe : blood_group""",
    "doctors": """
        nom = nom : last_name
        prenom = prenom : first_name
        specialite = specialite : specialty
        rpps = rpps : rpps""",
}
