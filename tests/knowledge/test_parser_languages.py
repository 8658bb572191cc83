"""Documents in other languages, several of them in one, and English that looks like another."""

from typing import Any

import pytest

from knowledge.parser import Parsed, parse
from knowledge.parser.answers import sentences
from knowledge.parser.languages import FOREIGN, language, languages_of, spoken_in
from knowledge.reading import Received


def read(text: str) -> Parsed:
    return parse(Received(document="guide.md", text=text))


def said(parsed: Parsed, kind: str, *fields: str) -> list[Any]:
    found = [a for a in parsed.atoms if a.kind == kind]
    return [(a.text, *(getattr(a, f) for f in fields)) if fields else a.text for a in found]


GUIDES = {
    "de": """# Interviewleitfaden: Pflegefachkraft

## Ablauf

- 0-5 Min.: Begrüßung
- 5-25 Min.: Fachfragen

## Fachfragen

### 1. Wie gehen Sie vor, wenn ein Patient plötzlich verwirrt ist?

Antwort: Zuerst wird die Atmung geprüft, z. B. mit einer Messung. Danach kommt der Arzt.

Positive Indikatoren:
- Beginnt beim Patienten

Negative Indikatoren:
- Wartet bis zur Visite

Nachfragen:
- Was tun Sie, wenn der Arzt nicht kommt?

Hinweis: Denken Sie an den Blutzucker.

Schwierigkeit: schwer

## Warnsignale

- K.-o.-Kriterium: hat keine gültige Urkunde
""",
    "fr": """# Guide d'entretien : Chef de rang

## Déroulement

- 0-5 min : Accueil
- 5-25 min : Questions techniques

## Questions techniques

### 1. Comment accueillez-vous un client sans réservation ?

Réponse attendue : Il faut d'abord vérifier le plan de salle. Ensuite, on propose le bar.

Signes positifs :
- Propose une autre solution

Signes négatifs :
- Renvoie le client

Relances :
- Et si le client insiste ?

Indice : pensez à la terrasse.

Difficulté : difficile

## Signaux d'alerte

- Éliminatoire : a menti sur son parcours
""",
    "es": """# Guía de entrevista: Encargado de almacén

## Agenda

- 0-5 min: Bienvenida
- 5-25 min: Preguntas técnicas

## Preguntas técnicas

### 1. ¿Cómo organiza usted un turno de noche?

Respuesta esperada: Primero se revisan los pedidos del día. Después se asignan las zonas.

Señales positivas:
- Deja un margen

Señales negativas:
- Improvisa siempre

Seguimiento:
- ¿Y si faltan dos personas?

Pista: piense en los pedidos urgentes.

Dificultad: difícil

## Señales de alerta

- Motivo de descarte: miente sobre su carné
""",
    "pt": """# Roteiro de entrevista: Analista de Crédito

## Agenda

- 0-5 min: Boas-vindas
- 5-25 min: Perguntas técnicas

## Perguntas técnicas

### 1. Como você avalia uma garantia que não conhece?

Resposta esperada: Primeiro se verifica o registro do bem. Depois se vê a dívida.

Sinais positivos:
- Pede um laudo

Sinais negativos:
- Aceita tudo

Acompanhamento:
- E se o laudo não chegar?

Dica: pense em um imóvel.

Dificuldade: difícil

## Sinais de alerta

- Critério eliminatório: mentiu sobre o seu diploma
""",
    "it": """# Colloquio: Responsabile di negozio

## Agenda

- 0-5 min: Accoglienza
- 5-25 min: Domande tecniche

## Domande tecniche

### 1. Come gestisce un cliente che urla in negozio?

Risposta attesa: Prima si ascolta senza interrompere. Poi si propone una soluzione.

Segnali positivi:
- Resta calmo

Segnali negativi:
- Alza la voce

Domande di approfondimento:
- E se il cliente non smette?

Suggerimento: pensi al reso della merce.

Difficoltà: difficile

## Campanelli d'allarme

- Motivo di esclusione: ha mentito sul suo titolo
""",
    "nl": """# Interviewleidraad: Verpleegkundige

## Agenda

- 0-5 min: Welkom
- 5-25 min: Technische vragen

## Technische vragen

### 1. Hoe draag je een patiënt over aan de nachtdienst?

Antwoord: De overdracht volgt een vaste volgorde. De ontvanger herhaalt daarna wat er gezegd is.

Positieve signalen:
- Noemt een vaste structuur

Negatieve signalen:
- Doet het uit het hoofd

Doorvragen:
- Wat als de collega geen tijd heeft?

Hint: denk aan de medicatie.

Moeilijkheid: moeilijk

## Rode vlaggen

- Knock-out: heeft gelogen over een diploma
""",
}


@pytest.mark.parametrize("code", FOREIGN)
def test_a_guide_in_another_language_brings_all_that_an_english_one_does(code: str) -> None:
    parsed = read(GUIDES[code])
    ((question, level),) = said(parsed, "question", "level")
    assert question.endswith("?")
    assert level == "senior"
    assert len(said(parsed, "reference")) == 1
    assert len(said(parsed, "point")) == 2
    assert [polarity for _, polarity in said(parsed, "indicator", "polarity")] == [
        "positive",
        "negative",
    ]
    assert len(said(parsed, "follow_up")) == 1
    assert len(said(parsed, "hint")) == 1
    assert [critical for _, critical in said(parsed, "flag", "critical")] == [True]
    assert [minutes for _, minutes in said(parsed, "format", "minutes")] == [5, 20]


@pytest.mark.parametrize("code", FOREIGN)
def test_a_text_tells_its_language_by_its_common_words(code: str) -> None:
    assert languages_of(GUIDES[code]) == [code]


def test_what_stays_untold_is_english() -> None:
    assert languages_of("") == languages_of("Kafka, Spark, Flink, dbt") == ["en"]


def test_a_bank_in_german_is_read_by_its_columns() -> None:
    parsed = read(
        "| Frage | Musterantwort | Gut | Schlecht | Stufe | Thema |\n|---|---|---|---|---|---|\n"
        "| Wie lagern Sie Mehl, wenn es im Raum feucht ist? | Trocken und kühl.<br>Nach dem Datum. "
        "| Nennt das Datum | Weiß es nicht | Einsteiger | Lager |\n"
    )
    assert said(parsed, "question", "level", "topic") == [
        ("Wie lagern Sie Mehl, wenn es im Raum feucht ist?", "junior", "Lager")
    ]
    assert said(parsed, "point") == ["Trocken und kühl", "Nach dem Datum"]
    assert said(parsed, "indicator", "polarity") == [
        ("Nennt das Datum", "positive"),
        ("Weiß es nicht", "negative"),
    ]


def test_several_languages_may_stand_in_one_document() -> None:
    parsed = read(
        "# Kit\n\n## English questions\n\n### What is a rack?\n\nA frame that holds pallets.\n\n"
        "## Deutsche Fragen\n\n### Was ist ein Regal und wie wird es geprüft?\n\n"
        "Ein Regal ist ein Gestell, und es wird einmal im Jahr von einem Fachmann geprüft.\n\n"
        "Nachfrage: Wer darf es sperren?\n"
    )
    assert len(said(parsed, "question")) == 2
    assert said(parsed, "follow_up") == ["Wer darf es sperren?"]


def test_english_words_that_another_language_has_too_stay_english() -> None:
    parsed = read(
        "# Die casting\n\n## Questions\n\n### What is a die, and when would you pour again?\n\n"
        "The die is the mould. You pour again if it did not fill.\n\n"
        "## Note\n\nThe candidate may take a note.\n\n## Plus\n\n- A bonus is paid\n"
    )
    assert said(parsed, "question") == ["What is a die, and when would you pour again?"]
    assert not said(parsed, "flag")
    assert not said(parsed, "anchor")


@pytest.mark.parametrize(
    ("code", "text", "number"),
    [
        ("de", "Man prüft z. B. Regale. Am 3. Oktober ruht alles. Das gilt.", 3),
        ("fr", "Il faut voir p. ex. Paris. Ensuite, M. Roux valide. À midi, on ferme.", 3),
        ("es", "Se avisa al Sr. Ruiz y a los demás. ¿Y después? Él decide con la Dra. Gil.", 3),
        ("en", "It is kept dry, e.g. Flour. Then it is sieved.", 2),
    ],
)  # fmt: skip
def test_a_shortened_word_does_not_end_a_sentence(code: str, text: str, number: int) -> None:
    with spoken_in(GUIDES.get(code, "")):
        assert len(sentences(text)) == number


def test_a_story_told_in_german_is_no_reference() -> None:
    parsed = read(
        "# Kit\n\n## Fragen\n\n### Wie haben Sie einen Fehler in der Schicht gemeldet?\n\n"
        "Ich habe den Fehler meinem Chef gesagt, und wir haben es mit dem Team geändert.\n"
    )
    assert len(said(parsed, "sample_answer")) == 1
    assert not said(parsed, "reference")


@pytest.mark.parametrize("code", FOREIGN)
def test_every_language_has_words_for_the_same_things(code: str) -> None:
    known, german = language(code), language("de")
    for name in ("columns", "signs", "rungs"):
        assert {purpose for purpose, _ in known.tables[name]} == {
            purpose for purpose, _ in german.tables[name]
        }
    assert {kind for kind, _ in known.kinds} == {kind for kind, _ in german.kinds}
