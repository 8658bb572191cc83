"""`viva scorecard`: whether the interviewer kept its own rules, and what it took."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evals.replay.sources import Unread
    from evals.scorecard.card import Card


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(scorecard)


def scorecard(
    transcripts: Annotated[
        list[str],
        typer.Argument(
            help="Interviews by id, transcript files, or folders of them.",
            metavar="ID|FILE|FOLDER...",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Write conduct.parquet (findings) and figures.parquet into this folder."),
    ] = None,
    inspect: Annotated[
        Path | None,
        typer.Option(help="Write a log for `inspect view` (Inspect AI) to this .json file."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check the interviewer's rules of conduct on transcripts, by code alone."""
    from evals.replay.sources import Unread, all_of
    from evals.scorecard.cards import cards_of
    from evals.scorecard.text import told

    read = list(all_of(transcripts))
    found = list(cards_of(read))
    unread = [each for each in found if isinstance(each, Unread)]
    cards = [each for each in found if not isinstance(each, Unread)]
    if out:
        _write(out, cards)
    if inspect:
        from evals.inspect_log import write_log

        write_log([each for each in read if not isinstance(each, Unread)], inspect)
    if as_json:
        print(json.dumps(_as_json(cards, unread), ensure_ascii=False))
    else:
        print(told(cards, unread))
    if unread:
        raise typer.Exit(1)


def _write(folder: Path, cards: "Sequence[Card]") -> None:
    from evals.results import write_rows

    versions = {card.figures.transcript: card.versions for card in cards}
    findings = [finding for card in cards for finding in card.findings]
    write_rows(folder / "conduct.parquet", findings, versions)
    write_rows(folder / "figures.parquet", [card.figures for card in cards], versions)


def _as_json(cards: "Sequence[Card]", unread: "Sequence[Unread]") -> dict[str, Any]:
    from dataclasses import asdict

    from evals.scorecard.over import rules_not_kept, spreads

    return {
        "interviews": [
            {
                "figures": asdict(card.figures),
                "findings": [asdict(finding) for finding in card.findings],
                "versions": asdict(card.versions),
            }
            for card in cards
        ],
        "rules": [asdict(each) for each in rules_not_kept(cards)],
        "spreads": [asdict(each) for each in spreads(cards)],
        "unread": [asdict(each) for each in unread],
    }
