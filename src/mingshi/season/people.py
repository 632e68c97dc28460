"""Buyers: how many come together, their numbers, their passes.

Numbers begin with 160 and cannot ring. Their last four digits are dealt out without repetition while ten thousand
suffice, because an office's clients share visible digits rarely, and a single prefix would make them share often.
"""

from typing import Final

from mingshi.domain.ids import Contact
from mingshi.kernel.timeline import Micros
from mingshi.season.days import days
from mingshi.season.dice import Dice
from mingshi.season.rates import Rates
from mingshi.season.truth import Person

_NUMBERS_EACH: Final = 8
_LAST_FOUR: Final = 10_000
_STEP: Final = 7919
"""Prime to ten thousand, so that consecutive units do not have consecutive numbers."""
_BLOCKS: Final = 80


def people_of(unit: str, number: int, rates: Rates, dice: Dice, begun: Micros) -> list[Person]:
    """The members of the `number`-th unit, who first came at `begun`."""
    size = 1 + dice.weighted("size", rates.group_of)
    return [_person(unit, number, index, rates, dice, begun) for index in range(size)]


def _person(unit: str, number: int, index: int, rates: Rates, dice: Dice, begun: Micros) -> Person:
    one = dice.of("person", index)
    phones = [phone(number, 2 * index, dice)]
    if index == 0 and number and one.chance("masked collision", rates.masked_collision):
        phones = [_twin(phone(number - 1, 0, dice), phones[0])]
    if one.chance("second phone", rates.second_phone):
        phones.append(phone(number, 2 * index + 1, dice))
    shared = one.chance("pass", rates.shared_pass)
    face = one.chance("face", rates.face)
    withdrew = face and one.chance("withdraws", rates.consent_withdrawn)
    erased = one.chance("erases", rates.erased)
    return Person(
        id=f"{unit}.{index}",
        phones=tuple(phones),
        id_key=f"ID-{unit}-{index}",
        pass_id=f"pass-{unit}-{index}" if shared or face else "",
        shared=shared,
        face=face,
        erased_at=Micros(begun + days(one.between("erased after", 2, 40))) if erased else None,
        withdrew_at=Micros(begun + days(one.between("withdrew after", 0.1, 30))) if withdrew else None,
    )


def phone(number: int, slot: int, dice: Dice) -> Contact:
    """The number of a slot of a unit: unique, and the same whatever else is drawn."""
    index = number * _NUMBERS_EACH + slot
    last = index * _STEP % _LAST_FOUR
    block = 10 + dice.below(f"block/{slot}", _BLOCKS)
    return Contact(f"160{block:02d}{index // _LAST_FOUR:02d}{last:04d}")


def second_phone(person: Person, number: int, dice: Dice) -> Contact:
    """A person's other number, bought if need be."""
    if len(person.phones) > 1:
        return person.phones[1]
    index = int(person.id.rpartition(".")[2])
    return phone(number, 2 * index + 1, dice)


def _twin(other: Contact, own: Contact) -> Contact:
    """A different number that shows the same first three and last four digits."""
    middle = own[3:7] if own[3:7] != other[3:7] else f"{(int(own[3:7]) + 500) % 8000 + 1000:04d}"
    return Contact(f"{own[:3]}{middle}{other[-4:]}")
