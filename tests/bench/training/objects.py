"""Trains classes: inheritance, properties, slots, dataclasses, enums, operators."""

import sys
from dataclasses import dataclass, field, replace
from enum import Enum, Flag, auto
from functools import total_ordering


class Unit(Enum):
    PIECE = "piece"
    KILO = "kilo"
    LITRE = "litre"

    def label(self, amount):
        return f"{amount} {self.value}"


class Trait(Flag):
    NONE = 0
    COLD = auto()
    FRAGILE = auto()
    HEAVY = auto()


@dataclass(frozen=True, order=True)
class Article:
    price: int
    name: str = field(compare=False)
    unit: Unit = field(default=Unit.PIECE, compare=False)
    traits: Trait = field(default=Trait.NONE, compare=False)


@dataclass
class Line:
    article: Article
    amount: int
    notes: list = field(default_factory=list)

    @property
    def total(self):
        return self.article.price * self.amount


@total_ordering
class Money:
    __slots__ = ("cents",)

    def __init__(self, cents):
        self.cents = cents

    def __add__(self, other):
        if isinstance(other, Money):
            return Money(self.cents + other.cents)
        return NotImplemented

    def __mul__(self, factor):
        return Money(self.cents * factor)

    __rmul__ = __mul__

    def __eq__(self, other):
        return isinstance(other, Money) and self.cents == other.cents

    def __lt__(self, other):
        return self.cents < other.cents

    def __hash__(self):
        return hash(self.cents)

    def __repr__(self):
        return f"Money({self.cents})"


class Account:
    kind = "plain"
    count = 0

    def __init__(self, owner):
        self.owner = owner
        self._balance = Money(0)
        Account.count += 1

    @property
    def balance(self):
        return self._balance

    @balance.setter
    def balance(self, value):
        if value < Money(0):
            raise ValueError("overdrawn")
        self._balance = value

    @classmethod
    def named(cls, *owners):
        return [cls(owner) for owner in owners]

    @staticmethod
    def fee(cents):
        return cents // 100

    def pay(self, cents):
        self.balance = self.balance + Money(cents - self.fee(cents))
        return self


class Savings(Account):
    kind = "savings"

    def __init__(self, owner, rate=3):
        super().__init__(owner)
        self.rate = rate

    def pay(self, cents):
        super().pay(cents)
        self._balance += Money(self._balance.cents * self.rate // 1000)
        return self


class Audited(Savings):
    def __init__(self, owner):
        super().__init__(owner, rate=2)
        self.history = []

    def pay(self, cents):
        self.history.append(cents)
        return super().pay(cents)

    def __getattr__(self, name):
        if name.startswith("last_"):
            return self.history[-int(name[5:]):]
        raise AttributeError(name)

    def __len__(self):
        return len(self.history)

    def __contains__(self, cents):
        return cents in self.history


def make_discount(percent):
    used = 0

    def discount(cents):
        nonlocal used
        used += 1
        return cents - cents * percent // 100

    return discount, lambda: used


def one_round(seed):
    units = list(Unit)
    articles = [
        Article((seed * 37 + i * 91) % 500 + 1, f"a{i}", units[i % 3], Trait(i % 8))
        for i in range(24)
    ]
    lines = [Line(article, i % 5 + 1) for i, article in enumerate(articles)]
    discount, used = make_discount(seed % 20)
    total = 0
    for line in lines:
        if line.article.traits & Trait.COLD and line.article.unit is not Unit.LITRE:
            line.notes.append(line.article.unit.label(line.amount))
        total += discount(line.total)
    cheap, *_, dear = sorted(articles)
    renamed = replace(cheap, name="cheapest")
    accounts = Account.named("x", "y") + Savings.named("z") + Audited.named("v", "w")
    for step in range(40):
        for account in accounts:
            account.pay(500 + (seed + step * 17) % 300)
    audited = accounts[-1]
    recent = sum(audited.last_4) + len(audited) + (555 in audited)
    missing = getattr(audited, "nothing", 7)
    richest = max(accounts, key=lambda account: account.balance)
    distinct = {account.balance: account.kind for account in accounts}
    worth = sum((2 * account.balance for account in accounts), Money(0))
    return (total + used() + renamed.price + dear.price + recent + missing
            + len(distinct) + worth.cents + len(richest.owner))


def main(scale):
    result = 0
    for seed in range(80 * scale):
        result = (result * 31 + one_round(seed)) % 1_000_003
    print("objects", result, Account.count)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
