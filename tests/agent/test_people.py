"""Who asks for a person or for other conditions is heard, and never marked."""

import pytest
from held import Hold
from test_graph import at_first_question, play

from agent import words
from agent.people import asks_for_people
from agent.scripted import answers


@pytest.mark.parametrize(
    "text",
    [
        "I would like to talk to a human instead, please.",
        "I want a human interviewer.",
        "Can I speak to a real person?",
        "Could I talk to someone from the team?",
        "I need more time because of a disability.",
        "I need an accommodation, I am dyslexic and need more time",
        "Sorry, I am dyslexic. This is hard to read.",
        "talk to a human",
        "Please hand this over to a real person.",
        "I’d rather be interviewed by a person.",
        "I have a hearing impairment.",
        "Hello, may I please speak with a human being?",
        "I'd prefer to talk to someone from HR.",
    ],
)
def test_a_wish_for_people_is_known(text: str) -> None:
    assert asks_for_people(text)


@pytest.mark.parametrize(
    "text",
    [
        "I would talk to the people in finance before I change the table.",
        "I always talk to a person of the partner first, then I reload the day.",
        "A human has to approve the backfill.",
        "I would have a human review the rows in quarantine, and alert the owner.",
        "We give the consumers more time because the schema changes.",
        "I need to know which rows changed.",
        "I am not sure, but I would ask somebody from the team.",
        "Can I assume that the file is complete?",
        "People decide what late means, so I would ask them.",
        "I would like to add that we ran this for a year with Kafka and dbt.",
        "I have built pipelines for an accommodation booking site with Airflow.",
        "I would like accommodation prices in one table and reviews in another.",
        "I would prefer a human approval step before the backfill.",
        "I want a human to look at the rows in quarantine.",
        "Please the users first: I need people of finance to sign the numbers.",
        "I am working on a model for autism research with Spark.",
        "I need more time partitions because the table is large.",
        "I would talk to the team about the schema first.",
        "I would like to have every row checked. " * 10 + "I would like to talk to a human.",
    ],
)
def test_an_answer_that_speaks_of_people_is_an_answer(text: str) -> None:
    assert not asks_for_people(text)


async def test_it_is_noted_for_the_team_and_costs_nothing(hold: Hold) -> None:
    held = await at_first_question(hold, mode="screen")
    asked = held.asked
    said = await play(held, answers(), "I would like to talk to a human instead, please.")
    assert words.PEOPLE["screen"] in said
    assert held.asked == asked
    assert held.of("marked") == []
    noted = held.report().candidate_questions
    assert [(each.text, each.answered) for each in noted] == [
        ("I would like to talk to a human instead, please.", False)
    ]
