"""Inviting: one or many, from tables as people have them, by links that are told once."""

import asyncio
import csv
import io
import time

import pytest
from room import SMALL, Room

from api.hiring.csv_people import canonical, factor, read_people
from api.hiring.invites import Invite, Invites, NewInvite
from api.hiring.messages import as_csv, check_template, message
from api.hiring.safe_csv import write_csv
from api.hiring.screens import NewScreen, Screen, Screens, Texts
from api.hiring.tables import LOCAL
from api.identity.caller import THIS_MACHINE
from api.moments import DAY
from knowledge.database import Database
from knowledge.errors import BadInput
from knowledge.kit_yaml import parse_kit
from knowledge.library import Library

LIST = "name,email,reference,extra time\nCleo Park,cleo@example.org,77,1.5\nBo,bo@example.org,,\n"
PEOPLE = [
    NewInvite(name="Cleo Park", email="cleo@example.org", reference="77", extra_time=1.5),
    NewInvite(name="Bo", email="bo@example.org"),
]
TEXTS = Texts(company="Acme", contact="people@example.org")
WISH = NewScreen(title="First talk", kit="small", minutes=15.0, texts=TEXTS)
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "a;=1", "a\n=1", "＝1"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula(text: str) -> None:
    written = write_csv([["name", 1, None, True], [text, -2.5, "plain - text", "x"]])
    rows = list(csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline="")))
    assert rows[0] == ["name", "1", "", "yes"]
    assert rows[1][1:] == ["-2.5", "plain - text", "x"]
    cells = rows[1][0].replace(";", "\n").replace("\t", "\n").replace("\r", "\n").split("\n")
    assert not any(cell.strip().startswith(tuple("=+-@＝")) for cell in cells)
    assert rows[1][0].replace("'", "").strip() == text.strip()


@pytest.mark.parametrize(
    "file",
    [
        LIST.encode(),
        b"\xef\xbb\xbf" + LIST.encode(),
        LIST.replace(",", ";").replace("1.5", "1,5").encode(),
        LIST.replace(",", "\t").replace("\n", "\r\n").encode("utf-16"),
        b"sep=;\r\n" + LIST.replace(",", ";").encode(),
        b"Extra-Time;E-Mail;Ref;Full Name\n50 %;cleo@example.org;77;Cleo Park\n;bo@example.org;;Bo",
        b"First name,Last name,Email address,Candidate ID,Extra time factor,Shoe size\n"
        b"Cleo,Park,cleo@example.org,77,x1.5,39\n\nBo,,bo@example.org,,no,\n",
        b'Email\tName\treference\textra time\n"Cleo <cleo@example.org>"\tCleo Park\t77\t+50%\n'
        b"bo@example.org\tBo\t\t\n",
    ],
)
def test_a_list_is_understood_as_people_have_it(file: bytes) -> None:
    people = read_people(file)
    assert people.wrong == []
    assert people.wishes == PEOPLE


def test_a_list_without_column_names_is_guessed_and_said_so() -> None:
    people = read_people(b"Cleo Park,cleo@example.org\nBo,bo@example.org\n")
    assert [wish.email for wish in people.wishes] == ["cleo@example.org", "bo@example.org"]
    assert people.wishes[0].name == "Cleo Park"
    assert "guessed" in people.notes[0]


def test_wrong_lines_are_told_by_their_number() -> None:
    file = (
        "name,email,extra time\n"
        "Cleo,cleo@example.org,\n"
        '"Bo,\nthe second",bo@example.org,9\n'
        "Di,nowhere,\n"
        "\n"
        ",,1.5\n"
        "Eve,CLEO@example.org,\n"
        "Fay,fay@example.org,soon\n"
    )
    told = {line.number: line.wrong or "" for line in read_people(file.encode()).wrong}
    assert sorted(told) == [3, 5, 7, 8, 9]
    assert "factor from 1 to 4" in told[3]
    assert "no e-mail address" in told[5]
    assert "neither a name" in told[7]
    assert "on line 2" in told[8]
    assert "no extra time" in told[9]


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (b"", "nobody"),
        (b"name,email\n", "nobody below"),
        (b"shoe,size\n1,2\n", "not known"),
        (b"name,full name\nA,B\n", "Both"),
        (b"PK\x03\x04 a workbook", "Excel workbook"),
        (b"name,email\n\x00,\x00\n", "read as text"),
        (b'name,email\n"Cleo,cleo@example.org\n', "From line 2"),
        (b"name,email\n" + b"A,a@example.org\n" * 5_001, "more than can be invited"),
        (b"x" * (2 * 2**20 + 1), "larger"),
    ],
)
def test_what_is_no_list_of_people_is_refused_with_a_remedy(file: bytes, why: str) -> None:
    with pytest.raises(BadInput, match=why) as told:
        read_people(file)
    assert told.value.remedy


def test_a_looked_at_list_is_read_again_as_it_was() -> None:
    hostile = NewInvite(name="=cmd|' /C calc'!A0", email="a@example.org", reference='\'; drop,"x"')
    wishes = [*PEOPLE, hostile]
    assert read_people(canonical(wishes).encode()).wishes == wishes


@pytest.mark.parametrize("said", ["half", "150 %", "1/2", "nan", "1e9", "٣"])
def test_extra_time_is_a_number_or_nothing(said: str) -> None:
    with pytest.raises(BadInput):
        factor(said)


def test_a_message_is_filled_once_and_never_read_as_a_template() -> None:
    screen = _screen()
    invite = _invite(name="{link} {brief.__class__}", extra_time=1.5)
    made = message(screen, invite, "https://viva.test/invite#TOKEN")
    assert "Hello {link} {brief.__class__}," in made.text
    assert made.text.count("https://viva.test/invite#TOKEN") == 1
    assert "about 22 minutes" in made.text
    assert "\n\n\n" not in made.text  # there is no brief, so there is no paragraph for it
    assert made.mailto is not None
    assert made.mailto.startswith("mailto:cleo@example.org?subject=")
    assert made.mailto.split() == [made.mailto]
    assert "Hello,\n" in message(screen, _invite(name=""), "x").text
    with pytest.raises(BadInput, match="not known"):
        check_template("{link} {nmae}")


def test_the_table_of_messages_runs_nothing() -> None:
    invite = _invite(name="=HYPERLINK(1)", reference="@x")
    written = as_csv([message(_screen(), invite, "https://viva.test/invite#TOKEN")])
    [row] = csv.DictReader(io.StringIO(written.removeprefix("\ufeff"), newline=""))
    assert (row["name"], row["reference"]) == ("'=HYPERLINK(1)", "'@x")
    assert row["link"].endswith("#TOKEN")
    assert row["link"] in row["message"]


async def test_five_thousand_are_invited_at_once_in_seconds(room: Room) -> None:
    screen = await room.screen()
    people = [{"name": f"N{n}", "email": f"n{n}@example.org"} for n in range(5_000)]
    began = time.perf_counter()
    client = room.clients["recruiter"]
    answer = await client.post(f"/api/screens/{screen}/invites", json={"invites": people})
    assert answer.status_code == 201, answer.text
    assert time.perf_counter() - began < 30
    links = answer.json()
    assert len({each["link"] for each in links}) == 5_000
    assert links[7]["email"] == "n7@example.org"
    found = (await client.get(f"/api/screens/{screen}/invites?words=N4999")).json()
    assert (found["many"], found["invites"][0]["status"]) == (1, "sent")


async def test_nobody_is_invited_twice_and_all_or_nobody_are(sql: Database) -> None:
    screen = await _opened(sql)
    invites, caller = Invites(sql), THIS_MACHINE
    await invites.make(caller, screen, PEOPLE[:1], once=True)
    for wishes in ([PEOPLE[1], PEOPLE[0]], [PEOPLE[1], PEOPLE[1]]):
        with pytest.raises(BadInput, match=r"already invited|named twice"):
            await invites.make(caller, screen, wishes, once=True)
    with pytest.raises(BadInput, match="no e-mail address"):
        await invites.make(caller, screen, [PEOPLE[1], NewInvite(email="a@b,c@d")], once=True)
    assert [each.name for each in (await invites.look(LOCAL, screen)).invites] == ["Cleo Park"]


async def test_lost_links_are_made_anew_for_all_who_have_not_opened_theirs(sql: Database) -> None:
    screen, invites = await _opened(sql), Invites(sql)
    (opened, used), (lost, old) = await invites.make(THIS_MACHINE, screen, PEOPLE)
    await invites.enter(used, "a browser")
    [(id_, new)] = await invites.resend_unopened(THIS_MACHINE, screen, 3)
    assert id_ == lost != opened
    assert await invites.enter(old, "") is None
    assert await invites.enter(used, "") is not None
    assert await invites.enter(new, "") is not None
    assert await invites.resend_unopened(THIS_MACHINE, screen) == []


async def test_two_lists_at_once_invite_nobody_twice(sql: Database, other: Database) -> None:
    screen = await _opened(sql)
    doors = [Invites(sql), Invites(other)] * 2
    tries = [door.make(THIS_MACHINE, screen, PEOPLE, once=True) for door in doors]
    told = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, BadInput) for each in told) == 3
    assert (await doors[0].look(LOCAL, screen)).many == 2


async def test_people_are_invited_only_while_a_screen_is_open(sql: Database) -> None:
    screens, invites = Screens(sql), Invites(sql)
    screen = await _opened(sql)
    draft = await screens.make(THIS_MACHINE, WISH)
    with pytest.raises(BadInput, match="not open yet"):
        await invites.make(THIS_MACHINE, draft, PEOPLE)
    await invites.make(THIS_MACHINE, screen, PEOPLE)
    await screens.close(THIS_MACHINE, screen)
    with pytest.raises(BadInput, match="is closed"):
        await invites.make(THIS_MACHINE, screen, PEOPLE)
    found = await invites.look(LOCAL, screen, "CLEO@")
    assert [each.name for each in found.invites] == ["Cleo Park"]
    assert (await invites.look(LOCAL, screen, "%")).many == 0
    assert (await screens.counts(LOCAL))[screen] == (2, 0, 0)


async def test_a_new_link_puts_the_old_one_out_and_others_see_neither(room: Room) -> None:
    screen = await room.screen()
    id_, old = await room.invite(screen)
    invites, client = Invites(room.database), room.clients["recruiter"]
    entered = await invites.enter(old, "a browser")
    assert entered
    assert (await client.get(f"/api/invites/{id_}")).json()["devices"] == 1
    again = await client.post(f"/api/invites/{id_}/resend", json={"days": 2})
    new = again.json()["link"].rpartition("#")[2]
    assert await invites.enter(old, "") is None
    assert await invites.by_cookie(entered[1]) is None
    assert await invites.enter(new, "another")
    revoked = await client.post(f"/api/invites/{id_}/revoke")
    assert revoked.json()["status"] == "revoked"
    assert await invites.enter(new, "") is None
    assert (await room.clients["evaluator"].get(f"/api/invites/{id_}")).status_code == 403
    other = room.clients["other"]
    assert (await other.get(f"/api/invites/{id_}")).status_code == 404
    assert (await other.post(f"/api/invites/{id_}/revoke")).status_code == 404
    theirs = await room.screen("other")
    for screen_id in (screen, theirs):
        answer = await other.post(
            f"/screens/{screen_id}/invites/messages.csv", data={"tokens": new}
        )
        assert answer.status_code == 404


async def _opened(sql: Database) -> str:
    """A screen of this machine's that people can be invited to."""
    await Library(sql).save(parse_kit(SMALL.read_text(), "small.yaml"))
    screen = await Screens(sql).make(THIS_MACHINE, WISH)
    await Screens(sql).open(THIS_MACHINE, screen)
    return screen


def _invite(**told: object) -> Invite:
    given = {"name": "Cleo", "email": "cleo@example.org", "reference": "", "extra_time": 1.0}
    at = {"created": 1.9e9, "until": 1.9e9 + DAY}
    never = dict.fromkeys(("opened", "declined", "revoked", "erased"))
    whose = {"id": "i", "workspace_id": "w", "screen_id": "s", "asked": []}
    return Invite(**whose | given | at | never | told)  # type: ignore[arg-type]


def _screen() -> Screen:
    return Screen(
        title=WISH.title,
        kit=WISH.kit,
        minutes=WISH.minutes,
        texts=WISH.texts,
        id="s",
        workspace_id="w",
        status="open",
        kit_version="0",
        policy=None,
        made_by="somebody",
        created=1.8e9,
        closed=None,
    )
