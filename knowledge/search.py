"""Finding atoms for a person: what is called so first, then what means something alike."""

import asyncio
from collections.abc import Collection

from knowledge.atoms import Atom, Frozen, Kind, Level
from knowledge.embedder import Embedder
from knowledge.index import Hit, KitIndex


class Filter(Frozen):
    """Which atoms are looked at: of these kinds (of any, if none is named), a topic, a level.

    A topic is met where its name holds these words, whatever their case.
    """

    kinds: tuple[Kind, ...] = ()
    topic: str | None = None
    level: Level | None = None

    def lets(self, atom: Atom) -> bool:
        """Whether an atom is one of them."""
        return (
            (not self.kinds or atom.kind in self.kinds)
            and (not self.level or atom.level == self.level)
            and (not self.topic or self.topic.casefold() in (atom.topic or "").casefold())
        )


async def search(
    index: KitIndex,
    embedder: Embedder,
    text: str,
    *,
    kinds: Collection[Kind] = (),
    topic: str | None = None,
    level: Level | None = None,
    k: int = 10,
) -> list[Hit]:
    """The `k` best atoms for a text, of those that the filter lets through.

    Atoms whose id, text or alias is the text itself come first, with a score of 1.
    """
    only = Filter(kinds=tuple(kinds), topic=topic, level=level)
    vector = (await asyncio.to_thread(embedder.embed, [text]))[0]
    standing = [a for a in index.kit.atoms if a.id not in index.kit.unused and only.lets(a)]
    exact = [Hit(atom, 1.0) for atom in standing if _is_called(atom, text.strip().casefold())]
    named = {hit.atom.id for hit in exact}
    if topic or level:
        near = index.among(vector, [atom.id for atom in standing], k + len(exact))
    else:
        near = index.query(vector, kinds=kinds, k=k + len(exact))
    return [*exact, *(hit for hit in near if hit.atom.id not in named)][:k]


def _is_called(atom: Atom, name: str) -> bool:
    return name in {called.casefold() for called in (atom.id, atom.text, *atom.aliases)}
