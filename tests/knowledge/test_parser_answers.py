"""Which statements of an answer can be scored."""

import pytest

from knowledge.blocks import scan
from knowledge.parser.answers import Points, is_personal


def points(text: str) -> list[tuple[str, str]]:
    return [(point.text, point.role) for point in Points().of(scan(text))]


def test_an_enumeration_is_one_point_for_each_part():
    assert points("Discuss caching, retries, and back-pressure.") == [
        ("Caching", "core"),
        ("Retries", "core"),
        ("Back-pressure", "core"),
    ]


def test_a_sentence_with_commas_is_one_point():
    assert len(points("It lets you read rows, change them, and lock them.")) == 1


def test_alternatives_are_one_group():
    found = Points().of(scan("Tools like Flyway, Liquibase, or a custom script."))
    assert [point.role for point in found] == ["any_of"] * 3
    assert len({point.group for point in found}) == 1


def test_two_groups_are_told_apart():
    found = Points().of(scan("Tools like Flyway or Liquibase. Stores like Redis or Valkey."))
    assert len({point.group for point in found}) == 2


def test_examples_in_parentheses_are_never_scored():
    assert points("A message broker (e.g., NATS, RabbitMQ).") == [
        ("A message broker", "core"),
        ("NATS", "example"),
        ("RabbitMQ", "example"),
    ]


def test_instructions_to_the_candidate_are_no_points():
    assert points("Use STAR. Be specific and provide examples. Relate it to your last job.") == []


def test_commas_in_parentheses_and_code_do_not_split():
    assert points("Mention checks (nulls, ranges, keys), `a, b` tuples, alerts.")[0][0] == (
        "Checks (nulls, ranges, keys)"
    )


def test_items_are_said_with_the_label_above_them():
    text = "# Q\n\nReads:\n------\n- go to replicas\n\nExamples:\n---------\n- a dashboard\n"
    assert points(text) == [("Reads: go to replicas", "core"), ("A dashboard", "example")]


def test_uses_are_alternatives():
    assert {role for _, role in points("Used for:\n\n- queues\n- caches\n")} == {"any_of"}


def test_a_result_of_ones_own_work_and_code_are_no_points():
    assert points("- Partition pruning\n\nThis reduced costs by 40%.\n\nSELECT 1;\n") == [
        ("Partition pruning", "core")
    ]


def test_every_point_comes_once():
    assert len(points("- Retries\n- Retries\n")) == 1


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How do you test?", "I write tests first."),
        ("How do you test?", "My approach: fixtures."),
        ("Which brokers have you used?", "Kafka, NATS and Pulsar."),
        ("Describe a system you built.", "It ingested events and fed three dashboards."),
    ],
)
def test_one_persons_story_is_told_from_a_reference(question, answer):
    assert is_personal(question, scan(answer))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How do you test a pipeline?", "- Unit tests\n- Data checks"),
        ("What have you used for caching?", "Redis is common; it keeps data in memory."),
        ("What is I/O?", "I/O is reading and writing."),
        ("What is a lock?", 'Saying "I wait for you" in code.'),
    ],
)
def test_an_impersonal_answer_is_a_reference(question, answer):
    assert not is_personal(question, scan(answer))
