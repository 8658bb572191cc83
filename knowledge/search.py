"""Finding atoms for a person: what is called so first, then what means something alike."""

import asyncio
from collections.abc import Collection

from knowledge.atoms import Atom, Kind
from knowledge.embedder import Embedder
from knowledge.index import Hit, KitIndex


async def search(
    index: KitIndex, embedder: Embedder, text: str, *, kinds: Collection[Kind] = (), k: int = 10
) -> list[Hit]:
    """The `k` best atoms of these kinds (of any, if none is named) for a text.

    Atoms whose id, text or alias is the text itself come first, with a score of 1.
    """
    vector = (await asyncio.to_thread(embedder.embed, [text]))[0]
    exact = [
        Hit(atom, 1.0)
        for atom in index.kit.atoms
        if atom.id not in index.kit.unused
        and (not kinds or atom.kind in kinds)
        and _is_called(atom, text.strip().casefold())
    ]
    named = {hit.atom.id for hit in exact}
    near = index.query(vector, kinds=kinds, k=k + len(exact))
    return [*exact, *(hit for hit in near if hit.atom.id not in named)][:k]


def _is_called(atom: Atom, name: str) -> bool:
    return name in {called.casefold() for called in (atom.id, atom.text, *atom.aliases)}
