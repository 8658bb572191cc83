"""Kits and ingestions in words, for a person at a terminal or in a pipe."""

import shutil
import sys
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from agent.contents import Contents
    from knowledge.atoms import Atom, Kit
    from knowledge.index import Hit
    from knowledge.ingest import FileOutcome, Outcome
    from knowledge.library import KitSummary


def print_outcome(outcome: "Outcome") -> None:
    """What an ingestion made of each file, and what it joined."""
    used = sum(file.error is None for file in outcome.files)
    print_heading(f"Kit {outcome.kit}, version {outcome.version}")
    print_line(
        f"{counted(outcome.atoms, 'atom')} from {counted(used, 'file')}, "
        f"{counted(outcome.embedded, 'new text')} embedded, {outcome.seconds:.1f} s"
    )
    for file in outcome.files:
        _print_file(file)
    if outcome.repeats:
        print()
        print_heading("Said twice, kept once")
    for repeat in outcome.repeats:
        print_line(repeat, 2)
    if outcome.joins:
        print()
        print_heading("Joined as one subject")
    for join in outcome.joins:
        print_line(f"{join.name} ({join.likeness:.2f})" if join.likeness else join.name, 2)
        for member in join.members:
            print_line(member, 6)
    if outcome.joins:
        print_line(
            f"To correct them: viva kit export {outcome.kit} FILE, edit `joins`, load it.", 2
        )


def _print_file(file: "FileOutcome") -> None:
    print()
    kind = "" if file.format in (None, "text") else f" ({file.format.upper()})"
    print_heading(f"{file.document}{kind}")
    if file.error:
        print_line(f"Not used. {file.error}", 2)
        return
    print_line(_counts(file.atoms) or "nothing", 2)
    for repair in file.repairs:
        print_line(repair, 2)
    for note in file.notes:
        print_line(f"Note: {note}", 2)
    if file.facts:
        print_line(f"Left as fact: {counted(file.facts, 'passage')} of no other kind.", 2)
    if file.skipped:
        print_line(f"Skipped {counted(len(file.skipped), 'line')}:", 2)
    for reason, number in Counter(skipped.reason for skipped in file.skipped).most_common():
        print_line(f"{number} x {reason}", 4)


def print_list(summaries: "Sequence[KitSummary]") -> None:
    """One line for each kit."""
    wide = max([4, *(len(summary.name) for summary in summaries)])
    head = f"{'name':{wide}}  {'version':12}  {'atoms':>5}  {'questions':>9}  {'made':10}  title"
    typer.secho(head, bold=True)
    for one in summaries:
        made = datetime.fromtimestamp(one.created, UTC).date()
        atoms, questions = sum(one.counts.values()), one.counts.get("question", 0)
        print(
            f"{one.name:{wide}}  {one.version}  {atoms:5}  {questions:9}  {made}  "
            f"{_clean(one.title or '')}".rstrip()
        )


def print_kit(kit: "Kit") -> None:
    """A kit as its tree, and the subjects that are joined."""
    from knowledge.kit_tree import tree_order

    print_heading(f"Kit {kit.name}, version {kit.version}")
    if kit.title:
        print_line(kit.title)
    print_line(_counts(Counter(atom.kind for atom in kit.atoms)) or "nothing in it")
    print()
    depths: dict[str | None, int] = {None: -1}
    for atom in tree_order(kit.atoms):
        depths[atom.id] = depths[atom.parent] + 1
        print_line(_in_words(atom), 2 * depths[atom.id])
    if kit.joins:
        print()
        print_heading("Joined as one subject")
    for join in kit.joins:
        members = "; ".join(kit.by_id[member].text for member in join.members)
        print_line(f"{join.name}: {members}", 2)


def print_contents(found: "Sequence[Contents]") -> None:
    """One line for each subject."""
    if not found:
        print("There is no topic of that name.")
    for each in found:
        asked = counted(sum(each.questions.values()), "question")
        levels = ", ".join(f"{number} {level}" for level, number in each.questions.items())
        without = f"; {each.unmarked} with nothing to mark by" if each.unmarked else ""
        print_line(f"{each.subject}: {asked} ({levels}){without}")


def print_hits(hits: "Sequence[Hit]") -> None:
    """What was found, best first."""
    if not hits:
        print("Nothing found.")
    for hit in hits:
        source = hit.atom.source
        where = source.told if source else "no document"
        print_line(f"{hit.score:.2f} {_in_words(hit.atom)}", hanging=5)
        print_line(f"{where}, {hit.atom.id}", 5)


def _in_words(atom: "Atom") -> str:
    facts = (atom.level, atom.polarity, atom.question_kind, atom.role, atom.grade)
    told = [str(fact) for fact in facts if fact and fact != "core"]
    if atom.critical:
        told.append("critical")
    if atom.kind == "rule" and atom.topic:
        told.append(atom.topic)
    if atom.proposed is not None:
        told.append(f"proposed by {atom.proposed}")
    if atom.withdrawn is not None:
        told.append(f"withdrawn: {atom.withdrawn}")
    label = f"{atom.kind} ({', '.join(told)})" if told else atom.kind
    return f"{label}: {atom.text}"


def _counts(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    return ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in ordered)


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def print_heading(text: str) -> None:
    typer.secho(_clean(text), bold=True)


def print_line(text: str, indent: int = 0, hanging: int = 2) -> None:
    """A paragraph, wrapped to a terminal's width; in a pipe it stays one line."""
    clean, space = _clean(text), " " * indent
    if not sys.stdout.isatty():
        print(space + clean)
        return
    width = max(shutil.get_terminal_size().columns, 40)
    further = " " * min(indent + hanging, width // 2)
    print(textwrap.fill(clean, width, initial_indent=space, subsequent_indent=further))


def _clean(text: str) -> str:
    """One line without control characters, which a terminal would obey."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
