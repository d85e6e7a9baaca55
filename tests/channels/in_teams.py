"""A dialogue of the corpus in Teams, in a personal chat of its own."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from bot.channels.teams.posting import BUSY
from tests.channels.at_the_terminal import Told, candidate
from tests.channels.moments import PATIENCE, moment
from tests.teams.activities import Place
from tests.teams.elements import Json, actions
from tests.teams.limits import cards
from tests.teams.teams import Teams

_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is shown for a turn: the texts of its messages, and its cards, with every page that they have."""

    texts: list[str]
    cards: list[Json]


@dataclass(frozen=True, slots=True)
class TeamsUser:
    """`ended` waits so many seconds for how the bot has ended an event, by its key: "" if it has not."""

    teams: Teams
    ended: Callable[[str, float], str]

    def play(self, told: Sequence[Told]) -> list[Seen]:
        """What is shown for each turn."""
        place = Place("personal", f"a:dialogue-{next(_NUMBERS)}")
        return [self._turn(place, one, at) for at, one in enumerate(told)]

    def _turn(self, place: Place, one: Told, at: int) -> Seen:
        picked = candidate(one.turn)
        messages = [self._pick(place, picked)] if picked else self._say(place, one, at)
        texts = [str(message["text"]) for message in messages if message.get("text")]
        return Seen(texts, [page for message in messages for page in self._pages(place, message)])

    def _say(self, place: Place, one: Told, at: int) -> list[Json]:
        stamp = moment(one.turn.today, at).isoformat(timespec="milliseconds")
        sent = self.teams.say(one.turn.message, place, timestamp=stamp)
        assert sent.reply.acknowledged, f"{one.turn.message}: {sent.reply}"
        key = f"{place.id}|{sent.activity['id']}"
        assert self.ended(key, PATIENCE), f"nothing came within {PATIENCE} s for {one.turn.message}"
        messages = self.teams.replies(sent)
        assert messages, f"nothing is shown for {one.turn.message}"
        assert BUSY not in [message.get("text") for message in messages], f"no answer is given to {one.turn.message}"
        return messages

    def _pick(self, place: Place, number: str) -> Json:
        """Presses a candidate's button of the last card; what has come in the card's place."""
        message = [message for message in self.teams.connector.messages(place.id) if cards(message)][-1]
        pressed = self.teams.press(message, f"{number}. ", place)
        assert pressed.card, pressed.text
        return self.teams.connector.message(place.id, message["id"])

    def _pages(self, place: Place, message: Json) -> Iterator[Json]:
        """The card of a message, and all that come in its place as its pages are turned."""
        for card in cards(message):
            yield card
            while any(str(one.get("title")).startswith("次の") for one in actions(card)):
                turned = self.teams.press(self.teams.connector.message(place.id, message["id"]), "次の", place)
                assert turned.card, turned.text
                yield (card := turned.card)
