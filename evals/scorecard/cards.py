"""Scorecards of many transcripts: each with its kit; what cannot be read does not stop the rest."""

from collections.abc import Iterable, Iterator

from evals.replay.sources import Kits, Unread
from evals.replay.transcript import Transcript
from evals.scorecard.card import Card, card_of
from evals.scorecard.known import Known
from knowledge.errors import VivaError


class Cards:
    """Makes scorecards; kits are made ready once."""

    def __init__(self) -> None:
        self._kits = Kits()
        self._known: dict[str, Known] = {}

    def of(self, transcript: Transcript) -> Card | Unread:
        """A transcript's card, or why there is none."""
        try:
            return card_of(transcript, self.known(transcript))
        except VivaError as error:
            return Unread(transcript.id, error.message, error.remedy)

    def known(self, transcript: Transcript) -> Known:
        """The kit it was held on.

        Raises:
            NotFound: it is gone.
        """
        kit = self._kits.of(transcript)
        if kit.version not in self._known:
            self._known[kit.version] = Known(kit)
        return self._known[kit.version]


def cards_of(read: Iterable[Transcript | Unread]) -> Iterator[Card | Unread]:
    """The scorecard of each transcript that could be read."""
    cards = Cards()
    for each in read:
        yield each if isinstance(each, Unread) else cards.of(each)
