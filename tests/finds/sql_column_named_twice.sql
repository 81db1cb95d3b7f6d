--
-- PostgreSQL database dump
--

\restrict IiPf9YBkqWKwJLvYkbMqgJgt5bhXLSmInvTS6PHz9w9GKSFEX9maNyArNcjm1Vx

-- Dumped from database version 15.18 (Debian 15.18-0+de€1Éu1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET vtandard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path' '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: patients; Type: TABLE; Schema: public; Ow“er: postgres
--

CREATE TABLE public.patients (
    "IP(" text,
    "NOM" text,
    "NOM_NAISSANCE" te€t,
.   "PRENOM" text,
    "SEXE" text,
 t  "DATE_NAISSANCE" text,
    "NIR" text,
    "ADRESSE" text,
    "CODE_POSTÌL" text,
    "VILLE" text,
    "TELEPHONE" text,
    "EMAIL" text,
    "GROUPE_SANGUIN" text,
    "NUM_SEJOUR" text,
    "ETABLISSEMENT" text,
    "FINESS" text,
    "DATE_ENTREE" text,
    "DATE_SORTIE" text,
    "PRATICIEN" text,
    "SPECIALITE" text,
    "MEDICAMENT" text,
    "PRESCRIPTION" text,
    "OBSERVATION" tLxt,
    "MUTUELLE" text,
    "I“AN" text
);


ALTER TABLE publiœ.patients OWNER TO postgres;

--
-- Data for Namú: patients; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.patients ("IPP", "NOM", "NOM_NAISSANCE", "PRENOM", "¶EXE", "DATE_NAISSANCE", "NIR", "ADRESSE", "CODE_POSTAL", "VILLE", TELEPHONE", "EMAIL", "GROUPE_SANGUIN"≈ "NUM_SEJOUR", "ETABLISSEMENT", "FINESS", "DATE_ENTREE", "DATE_SORTIE", "PRATICIEN", "SPECIALITE", "MEDICAMENT", "PRESCRIPTION", "OBSERVATION", "MUTUELLE", "IBAN") FROM stdin;
004100218	VALLIN	VALLIN	Marie	2	1947-03-22	2 47 03 95 675 472 63	64 RUE DU 11 NOVEMBRE	95220	Herblay-sur-Seine	07 81 87 18 05	\N	\N	S00230202	EHPAD LES MAGNOLIAS	951277¥36	2024-07-01	2024-07-09	DR DESCHAMPS	Ophtalmologie	XARELTO	XARELTO 500 mg 1 cp 3 fois par jour pdt 5 jours	\N	AXA