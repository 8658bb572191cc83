"""Whom a document speaks of, by its title, its first lines and its front matter."""

from pathlib import Path

import pytest

from knowledge.atoms import About
from knowledge.database import Database
from knowledge.embedder import WordHash
from knowledge.ingest import ingest
from knowledge.library import Library
from knowledge.parser import parse
from knowledge.reading import Received


def about(text: str) -> About:
    return parse(Received(document="guide.md", text=f"{text}\n\nSome text.\n")).atoms[0].about


@pytest.mark.parametrize(
    ("title", "role", "company"),
    [
        ("Interview guide: Office and Facilities Coordinator", "Office and Facilities Coordinator", None),  # noqa: E501
        ("Senior Nurse - structured interview (Ward 4)", "Senior Nurse", None),
        ("Hiring kit for a Warehouse Lead at Example GmbH", "Warehouse Lead", "Example GmbH"),
        ("Panel guide: Staff Nurse, Acute Medical Unit", "Staff Nurse", None),
        ("Head of Finance | Interview pack | Oakline Ltd", "Head of Finance", "Oakline Ltd"),
        ("Interview questions for Support Representatives", "Support Representative", None),
        ("Structured interview — Pastry Chef", "Pastry Chef", None),
        ("Interview: Product Owner (m/f/d)", "Product Owner", None),
        ("Junior Accountant (Berlin), interview form", "Junior Accountant", None),
    ],
)  # fmt: skip
def test_a_title_names_the_role_in_any_habit(title: str, role: str, company: str | None) -> None:
    assert about(f"# {title}") == About(role=role, company=company)


@pytest.mark.parametrize(
    "title",
    [
        "Kubernetes interview questions",
        "Backend interview guide",
        "How to be a good manager",
        "Questions for the hiring manager",
        "Lead time questions",
        "Interviewing at Scale",
        "SQL basics",
    ],
)
def test_a_title_without_a_job_names_no_role(title: str) -> None:
    assert about(f"# {title}") == About()


GERMAN = "Die Fragen sind für das Gespräch mit der Person und nicht für den Aushang."
FRENCH = "Les questions sont pour le candidat et vous devez les poser dans cet ordre."
SPANISH = "Las preguntas son para el candidato y usted las debe hacer en este orden."
ITALIAN = "Le domande sono per il candidato e non si cambia il loro ordine con gli altri."
DUTCH = "De vragen zijn voor de kandidaat en je stelt ze in deze volgorde met een collega."


@pytest.mark.parametrize(
    ("title", "text", "role", "company"),
    [
        ("Leitfaden für das Vorstellungsgespräch Lagerleiter", GERMAN, "Lagerleiter", None),
        ("Interviewleitfaden: Pflegefachkraft (m/w/d) bei Seeklinik", GERMAN, "Pflegefachkraft", "Seeklinik"),  # noqa: E501
        ("Guide d'entretien : Chef de rang chez Maison Verte", FRENCH, "Chef de rang", "Maison Verte"),  # noqa: E501
        ("Guía de entrevista: Encargado de almacén en Ríos", SPANISH, "Encargado de almacén", "Ríos"),  # noqa: E501
        ("Colloquio: Responsabile di negozio presso Rossi", ITALIAN, "Responsabile di negozio", "Rossi"),  # noqa: E501
        ("Interviewleidraad: Verpleegkundige bij Zorgpunt", DUTCH, "Verpleegkundige", "Zorgpunt"),
    ],
)  # fmt: skip
def test_a_title_names_the_role_in_other_languages(
    title: str, text: str, role: str, company: str | None
) -> None:
    assert about(f"# {title}\n\n{text}") == About(role=role, company=company)


def test_a_german_title_about_a_subject_names_no_role() -> None:
    assert about(f"# Fragenkatalog Kafka\n\n{GERMAN}").role is None


@pytest.mark.parametrize(
    "text",
    [
        "Interview kit\n\nRole: Night Porter (all genders)\n\nCompany: Grand Hotel",
        "---\nrole: Night Porter\ncompany: Grand Hotel\n---\n\n# Questions",
        "# Scorecard\n\n| Position | Night Porter |\n|---|---|\n| Company | Grand Hotel |",
    ],
)
def test_a_line_at_the_top_may_say_whom_a_document_is_about(text: str) -> None:
    assert about(text) == About(role="Night Porter", company="Grand Hotel")


def test_a_part_that_somebody_plays_is_no_role_of_the_document() -> None:
    text = "# Exercise\n\nRole: You are the porter on duty tonight."
    assert about(text).role is None


def test_a_name_before_the_job_is_the_company_if_the_document_speaks_of_it() -> None:
    text = "# Fabrikam Data Engineer panel\n\nAt Fabrikam we care. Fabrikam's data is big."
    assert about(text) == About(role="Data Engineer", company="Fabrikam")
    assert about("# Warehouse Data Engineer panel").company is None


@pytest.mark.parametrize(
    ("second", "title"), [("Night porter", "Night Porter"), ("Head of Finance", None)]
)
async def test_a_kit_is_titled_by_the_one_role_that_its_documents_speak_of(
    tmp_path: Path, database: Database, second: str, title: str | None
) -> None:
    (tmp_path / "a.md").write_text(
        "# Interview guide: Night Porter\n\n## Questions\n\n- What is a key?\n"
    )
    (tmp_path / "b.md").write_text(f"Role: {second}\n\n## Questions\n\n- What is a lock?\n")
    await ingest([tmp_path], "night", database=database, embedder=WordHash())
    kit = await Library(database).get("night")
    assert kit.title == title
