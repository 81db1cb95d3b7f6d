"""Whole tables of every day that are nobody's: what open data, shops, clubs and machines publish, drawn from a seeded generator.

Each has its names as such files have them; a column is ``name = what``, and what is a maker of ``benign.columns`` or below.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from benign.columns import _MAKERS, digits, ean13, luhn, word

Maker = Callable[[random.Random, int], str]


def one(*words: str) -> Maker:
    return lambda d, _i: d.choice(words)


def whole(low: int, high: int) -> Maker:
    return lambda d, _i: str(d.randint(low, high))


def decimal(low: float, high: float, places: int = 2, sign: str = ".") -> Maker:
    return lambda d, _i: f"{d.uniform(low, high):.{places}f}".replace(".", sign)


MAKERS: dict[str, Maker] = {
    **_MAKERS,
    "n": lambda _d, i: str(i + 1),
    "town": one("Rennes", "Brest", "Vannes", "Quimper", "Lorient", "Auray", "Dinan", "Fougères", "Redon", "Vitré", "Pontivy", "Josselin"),
    "insee": one("35238", "29019", "56260", "29232", "56121", "22050", "35115", "35236", "35360", "56178", "56091", "22278"),
    "people": whole(120, 200_000),
    "share": decimal(0, 100, 1, ","),
    "price": decimal(1, 900, 2, ","),
    "stock": whole(0, 400),
    "brand": one("Renault", "Peugeot", "Ford", "Seat", "Mercedes", "Lancia", "Dacia", "Opel", "Porsche", "Ferrari"),
    "model": one("Clio", "Mégane", "Zoé", "Captur", "Fiesta", "Ibiza", "Leon", "Astra", "Ulysse", "Carla", "Giulia"),
    "horse": one("Diane du Bois", "Roi Arthur", "Belle Époque", "Jasmin Royal", "Victor du Clos", "Olga des Prés"),
    "drink": one("Martini", "Leffe blonde", "Saint Émilion", "Bière Meteor", "Jus de pomme Rosalie", "Sirop de menthe"),
    "team": one("FC Lorient", "Stade Rennais", "AS Monaco", "Paris SG", "RC Lens", "OGC Nice", "Stade Brestois"),
    "goals": whole(0, 6),
    "bus": one("C1", "C2", "A10", "B12", "C50", "T2", "N9", "L3", "E4"),
    "stop": one("Place de Bretagne", "Gare Sud", "Rue Docteur Calmette", "Hôpital Sud", "Charles de Gaulle", "Henri Fréville"),
    "time": lambda d, _i: f"{d.randint(5, 23):02d}:{d.randint(0, 59):02d}",
    "title": one("Le Petit Prince", "Madame Bovary", "La Peste", "Germinal", "Le Horla", "Bel-Ami", "Nana", "Carmen", "Thérèse Raquin"),
    "author": one("Zola, Émile", "Camus, Albert", "Flaubert, Gustave", "Maupassant, Guy de", "Mérimée, Prosper", "Sand, George"),
    "shelf": one("R ZOL", "R CAM", "843.8", "A20", "B12", "F32", "C50", "J45", "K29"),
    "sensor": lambda d, _i: f"sensor-{d.randint(1, 40):03d}",
    "celsius": decimal(-8, 39, 1),
    "volts": decimal(3.1, 4.2, 3),
    "state": one("ON", "OFF", "ERR", "NEG", "POS"),
    "gene": one("BRCA1", "TP53", "A1", "B27", "O157", "CYP2D6", "AB12"),
    "chemical": one("NaCl", "H2O", "CO2", "Fer", "Zinc", "Calcium", "Lithium", "Magnésium", "Cuivre"),
    "grams": decimal(0, 90, 2),
    "fertiliser": one("Azote 33,5", "Urée 46", "Potasse 60", "Superphosphate 18", "Fer 2 g/L", "Cuivre 5 kg/ha"),
    "dose": one("2 L/ha", "1,5 kg/ha", "3 passages par an", "1 fois par semaine", "2 fois par jour en été"),
    "exercise": one("Pompes 3 x 10", "Squats 4x12", "Gainage 3 x 1 min", "Corde 2 fois par jour", "Course 30 min"),
    "ingredient": one("farine", "sucre", "beurre", "sel", "levure", "lait", "œufs", "menthe", "sauge", "camomille"),
    "quantity": one("200 g", "50 ml", "1 pincée", "2 cuillères", "1 sachet", "3 gouttes", "500 mg"),
    "step": one(
        "Mélanger la farine et le beurre.",
        "Laisser reposer une heure au frais.",
        "Cuire 20 minutes à four chaud.",
        "Ajouter 3 gouttes de vanille.",
    ),
    "review": one(
        "Livre très bien écrit, je recommande.",
        "Livraison rapide, merci au vendeur !",
        "La crème ne tient pas, déçue.",
        "Mon fils adore ce jeu.",
    ),
    "headline": one(
        "Cancer du sein : le dépistage recule en Bretagne",
        "VIH : la recherche avance",
        "Grippe : le pic est passé",
        "Diabète : un colloque à Lyon",
    ),
    "disease": one("Diabète", "Asthme", "Cancer du sein", "Hypertension", "Grippe", "Dépression", "Épilepsie"),
    "cases": whole(3, 90_000),
    "code_cim": one("E11", "J45", "C50", "I10", "J10", "F32", "G40"),
    "year": whole(1980, 2024),
    "region": one("Bretagne", "Normandie", "Occitanie", "Corse", "Grand Est"),
    "party": one("LR", "PS", "RN", "LFI", "EELV", "REN"),
    "faith": one("catholique", "protestante", "orthodoxe", "musulmane"),
    "job": one("Infirmier", "Comptable", "Boulanger", "Maçon", "Cuisinier"),
    "order": lambda d, i: f"{20_210_000 + i}{d.randint(0, 9)}",
    "invoice16": lambda d, _i: f"4{digits(d, 15)}",
    "serial_luhn": lambda d, _i: luhn(digits(d, 15)),
    "account_like": lambda d, _i: f"FR{digits(d, 2)}{digits(d, 10)}",
    "licence_key": lambda d, _i: "-".join("".join(d.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(5)) for _ in range(4)),
    "token22": lambda d, _i: "".join(d.choice("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNP23456789") for _ in range(22)),
    "host": lambda d, _i: f"srv-{word(d, 2)}{d.randint(1, 20)}",
    "user_agent": one("Mozilla/5.0 (X11; Linux x86_64)", "curl/7.88.1", "Googlebot/2.1"),
    "path": lambda d, _i: f"/{word(d)}/{word(d)}?id={d.randint(1, 999)}",
    "ean": lambda d, _i: ean13("376" + digits(d, 9)),
    "size_letter": one("S", "M", "L", "XL"),
    "mf": one("M", "F"),
    "grade": one("A+", "A", "A-", "B+", "B", "B-", "C"),
    "blood_sugar": decimal(0.6, 1.4, 2),
    "plus": one("+", "-"),
    "abo": one("A", "B", "O", "N"),
    "station": one("Rennes-Saint-Jacques", "Brest-Guipavas", "Dinard", "Lorient-Lann Bihoué"),
    "nir_like": lambda _d, i: f"{1_500_000_000_000 + i * 31_000_123}",
    "gtin13": lambda d, _i: ean13("2" + digits(d, 11)),
    "colour": one("rouge", "vert", "bleu", "jaune", "noir"),
}

TABLES = {
    "census of communes": "CODGEO=insee LIBGEO=town POPULATION=people PART_65_ANS=share",
    "price list": "REF=sku LIBELLE=drink EAN=ean PRIX_TTC=price STOCK=stock",
    "cars": "marque=brand modele=model annee=year prix=price couleur=colour cle=licence_key",
    "races": "cheval=horse course=n cote=price sexe=mf age=goals",
    "football": "equipe_domicile=team buts=goals equipe_exterieur=team buts_ext=goals score=score",
    "timetable": "ligne=bus arret=stop depart=time arrivee=time code=abo",
    "library": "titre=title auteur=author cote=shelf isbn=isbn annee=year",
    "sensors": "device=sensor ts=epoch_ms temp=celsius battery=volts state=state token=token22",
    "genes": "gene=gene group=abo sign=plus expression=measure p_value=scientific",
    "nutrition": "element=chemical teneur=grams unite=unit note=grade",
    "farming": "produit=fertiliser dose=dose parcelle=parcel surface=share",
    "training": "exercice=exercise series=goals groupe=abo rh=plus",
    "recipes": "ingredient=ingredient quantite=quantity etape=step",
    "reviews": "produit=product_first_name avis=review note=goals reference=slug",
    "press": "date=timestamp14 titre=headline url=file",
    "epidemiology": "maladie=disease code=code_cim region=region cas=cases annee=year",
    "elections": "region=region parti=party voix=cases part=share",
    "worship": "region=region culte=faith lieux=cases",
    "jobs": "metier=job region=region offres=cases salaire=salary",
    "invoices": "commande=order facture=invoice16 serie=serial_luhn compte=account_like total=price",
    "web log": "host=host agent=user_agent path=path time=epoch_s session=session hash=md5_file",
    "clothes": "ref=ean taille=size_letter genre=mf couleur=colour stock=stock",
    "weather": "station=station jour=timestamp14 temperature=celsius pluie=measure groupe=abo signe=plus",
    "counters": "compteur=nir_like gtin=gtin13 cle=goals valeur=measure",
}


def tables(rows: int) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Each table with its columns."""
    for title, text in TABLES.items():
        draw = random.Random(title)
        columns = [part.split("=") for part in text.split()]
        yield title, {name: [MAKERS[kind](draw, i) for i in range(rows)] for name, kind in columns}
