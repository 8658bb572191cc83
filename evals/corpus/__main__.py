"""`python -m evals.corpus [NAME...]`, `python -m evals.corpus sheet NAME...`."""

import asyncio
import sys

from evals.corpus.making import keep, make
from evals.corpus.plan import FOLDER, Entry, chosen
from evals.corpus.sheet import sheet
from evals.replay.sources import Kits
from evals.replay.transcript import read
from knowledge.embedder import open_embedder
from knowledge.errors import VivaError
from knowledge.kit_yaml import dump_kit


async def _make(wanted: list[Entry]) -> None:
    async for entry, made in make(wanted, open_embedder()):
        written = keep(entry, made)
        _keep_kit(made.header.kit, made.header.kit_version)
        told = "written" if written else "as it was"
        print(f"{entry.name}: {len(made.events)} events, {told}", flush=True)


def _keep_kit(name: str, version: str) -> None:
    path = FOLDER / "kits" / f"{name}@{version}.yaml"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text(dump_kit(Kits().get(name, version)), "utf-8")


def main(arguments: list[str]) -> int:
    """Make all entries, or these; or print the sheets of these."""
    try:
        if arguments[:1] == ["sheet"]:
            kits = Kits()
            for entry in chosen(arguments[1:]):
                transcript = read(entry.path)
                print(sheet(transcript, kits.of(transcript)))
        else:
            asyncio.run(_make(chosen(arguments)))
    except VivaError as error:
        print(f"{error.message}\n{error.remedy}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
