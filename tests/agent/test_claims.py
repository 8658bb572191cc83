"""Which technologies somebody says they have used."""

import pytest

from agent.local.claims import mentions
from agent.local.technologies import listed, named
from knowledge.atoms import Atom

NAMES: dict[str, tuple[str, ...]] = {
    "Kafka": ("Apache Kafka",),
    "Go": ("Golang",),
    "Apache Spark": ("Spark", "PySpark"),
    "Apache Flink": ("Flink",),
    "Terraform": (),
    "Kubernetes": ("k8s",),
    "PostgreSQL": ("Postgres",),
    "Rust": (),
    "Python": (),
    "R": (),
    "SQL": (),
    "dbt": (),
    "Airflow": ("Apache Airflow",),
    "C++": (),
    "Snowflake": (),
}
TECHNOLOGIES = tuple(
    Atom(id=name, kind="technology", text=name, aliases=aliases) for name, aliases in NAMES.items()
)


def claimed(message: str) -> set[str]:
    return {mention.technology for mention in mentions(message, TECHNOLOGIES) if mention.claimed}


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("I never used Kafka", set()),
        ("I have not used Kafka yet", set()),
        ("Kafka I have never touched", set()),
        ("no Kafka, no Flink", set()),
        ("I only read about Kafka", set()),
        ("I want to learn Rust", set()),
        ("I would love to try Rust some day", set()),
        ("We go to production every week", set()),
        ("I wrote services in Go", {"Go"}),
        ("Go and Python, mostly", {"Go", "Python"}),
        ("mostly python and sql", {"Python", "SQL"}),
        ("I like to spark a discussion", set()),
        ("Spark and Flink daily", {"Apache Spark", "Apache Flink"}),
        ("pyspark jobs", {"Apache Spark"}),
        ("my colleague used Terraform", set()),
        ("Another team runs Kafka for us", set()),
        ("Our team runs Kafka and I look after it", {"Kafka"}),
        ("deployed to k8s with terraform", {"Kubernetes", "Terraform"}),
        ("Postgres for ten years", {"PostgreSQL"}),
        ("I used Kafka but never Flink", {"Kafka"}),
        ("I never used Flink, but I ran Kafka for years", {"Kafka"}),
        ("Kafka, Airflow, dbt", {"Kafka", "Airflow", "dbt"}),
        ("I used to trust my gut", set()),
        ("the trusty crusty rustic tool", set()),
        ("NoSQL stores", set()),
        ("C++ at university", {"C++"}),
        ("Apache Kafka", {"Kafka"}),
        ("R and D meetings", set()),
        ("snowflake and airflow at my last job", {"Snowflake", "Airflow"}),
        ("I haven't used Spark. Kafka I know well.", {"Kafka"}),
        ("I’ve not used Spark but Kafka daily", {"Kafka"}),
        ("We looked at Flink and stayed with Kafka, which I ran", set()),
        ("instead of Airflow we ran dbt alone", {"dbt"}),
        ("I would use Kafka here", set()),
        ("you could put Kafka in between", set()),
        ("Do you use Kafka?", set()),
        ("we use Terraform, the platform team handles Kubernetes", {"Terraform"}),
        ("They asked whether I know Rust", set()),
        ("Unlike Airflow, dbt I like and use", {"dbt"}),
    ],
)
def test_a_claim_is_told_from_other_words(message: str, wanted: set[str]) -> None:
    assert claimed(message) == wanted


def test_a_technology_that_is_only_named_is_a_mention_without_a_claim() -> None:
    (mention,) = mentions("I never used Kafka", TECHNOLOGIES)
    assert not mention.claimed


def test_a_claim_anywhere_in_the_message_counts_once() -> None:
    found = mentions("I never liked Kafka. But I ran Kafka for years.", TECHNOLOGIES)
    assert [mention.claimed for mention in found] == [True]


@pytest.mark.parametrize("lead", ["", "😀 ", "naïve e\u0301 ", "Hello.\r\n\r\n", "İ "])
def test_quotes_are_the_messages_own_code_points(lead: str) -> None:
    message = f"{lead}We used apache  kafka, and POSTGRES daily."
    found = mentions(message, TECHNOLOGIES)
    assert {mention.technology for mention in found} == {"Kafka", "PostgreSQL"}
    for mention in found:
        quote = mention.quote
        assert message[quote.start : quote.end] == quote.text


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("mostly C# and .NET, some F#", {"C#", ".NET", "F#"}),
        ("node js with mongo, deployed to ec2", {"Node.js", "MongoDB", "EC2"}),
        ("k6 for load and d3.js for charts", {"k6", "D3.js"}),
        ("Figma and power bi", {"Figma", "Power BI"}),
        ("Hadoop and hive at first, then s3", {"Hadoop", "Hive", "S3"}),
        ("a scheduler called Nightjar, ours alone", {"Nightjar"}),
        ("we ran version 2 of Brindle", {"Brindle"}),
        ("I built reports with GrainView and Excel", {"GrainView", "Excel"}),
        ("we used Quillon for the forms", {"Quillon"}),
        ("we go slow, make a plan and express it in one word", set()),
        ("access to the flow of data", set()),
        ("We used Monday for the release and Amazon for parcels", set()),
        ("the OrderService calls kafka_topic_name", set()),
        ("```python\nimport pandas\n```", set()),
    ],
)
def test_technologies_beyond_the_kit_are_found(message: str, wanted: set[str]) -> None:
    found = mentions(message, ())
    assert {mention.technology for mention in found} == wanted
    assert all(mention.atom is None for mention in found)


def test_the_kits_own_name_and_atom_win() -> None:
    spark, snowflake, react = mentions("pyspark, snowflake and React", TECHNOLOGIES)
    assert (spark.technology, spark.atom) == ("Apache Spark", "Apache Spark")
    assert snowflake.atom == "Snowflake"
    assert (react.technology, react.atom) == ("React", None)


def test_every_listed_name_is_found_under_itself() -> None:
    for known, technology in listed().items():
        if not technology.word:
            (found, *others) = mentions(f"We used {' '.join(known)} there", ())
            assert (found.technology, others) == (technology.technology, []), known


@pytest.mark.parametrize(
    ("message", "technologies"),
    [
        ("My name is Ada and I use Python.", ["Python"]),
        ("I make pipelines.", []),
        ("I use make jobs.", ["Make"]),
    ],
)
def test_own_names_and_verbs_are_no_technologies(message: str, technologies: list[str]) -> None:
    assert [each.technology for each in named(message, ())] == technologies
