"""How well likely duplicates are told: on labelled pairs of names, among different names, and in a book."""

# ruff: noqa: SIM905  lists of words read better as words

import csv
import itertools
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from companies.finding.finder import likely_among
from companies.finding.likeness import THRESHOLD, Likeness, likeness
from companies.models import Company
from corridor.enums import Country

SAME, DIFFERENT = "same", "different"
HALVES = {"tuned": "rules were made on it", "held": "first looked at when they stood", "fresh": "written after that"}
SEED = 20261125
SYLLABLES = "ba be da di do ka ki ko la li lo ma mi mo na ni ra ri ro sa si so ta ti to wa ya".split()
INDONESIAN = (
    "Sinar Jaya Makmur Abadi Borneo Laut Sejati Rimba Lestari Mina Segara Karya Utama Bahari Sentosa Prima Sawit "
    "Persada Nusantara Mandiri Energi Agro Citra Surya Samudra Bintang Berkah Cahaya Global Indah Harapan Perkasa Raya "
    "Sumber Tunas Mitra Wahana Graha Bumi Alam Bina Duta Multi Inti Sarana Trans Logistik"
).split()
KAZAKH = (
    "Алтын Дән Агро Степной Колос Тобол Нан Каспий Балық Үлкен Дала Көк Жиек Ақ Бидай Зерно Север Восток Трейд Сервис "
    "Казах Қазақ Темір Жол Шымкент Май Құс Ет Сүт Бақ Орда Нұр Бай Терек Жібек Самал Дархан Мерей Арман Береке Тұлпар"
).split()


@dataclass(frozen=True)
class Pair:
    """Two written names, of one company or of two."""

    left: str
    right: str
    is_same: bool
    kind: str
    half: str


@dataclass(frozen=True)
class Judged:
    """A pair with what is thought of it."""

    pair: Pair
    found: Likeness

    def is_told(self, threshold: float = THRESHOLD) -> bool:
        return self.found.score >= threshold


@dataclass(frozen=True)
class Tally:
    """Pairs counted: told as one company, rightly or wrongly, and those that should have been."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


@dataclass(frozen=True)
class Search:
    """One name looked for among all companies: how long it took, and whether the one meant was answered."""

    seconds: float
    is_found: bool | None = None


def read_pairs(path: Path) -> list[Pair]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Pair(row["left"], row["right"], row["verdict"] == SAME, row["kind"], row["half"])
            for row in csv.DictReader(file)
        ]


def judge(pairs: Iterable[Pair]) -> list[Judged]:
    return [Judged(pair, likeness(pair.left, pair.right)) for pair in pairs]


def tally(judged: Iterable[Judged], threshold: float = THRESHOLD) -> Tally:
    counted = [(one.pair.is_same, one.is_told(threshold)) for one in judged]
    return Tally(counted.count((True, True)), counted.count((False, True)), counted.count((True, False)))


def worst(judged: Sequence[Judged], most: int = 10) -> list[Judged]:
    """The errors: two companies told as one first, the surest of them ahead; then one that was not recognised."""
    wrong = sorted((one for one in judged if one.is_told() and not one.pair.is_same), key=lambda one: -one.found.score)
    missed = sorted((one for one in judged if one.pair.is_same and not one.is_told()), key=lambda one: one.found.score)
    return [*wrong, *missed][:most]


def alike_among(names: Sequence[str]) -> list[tuple[str, str]]:
    """Which of some names, all of different companies, are told as one."""
    return [(one, two) for one, two in itertools.combinations(names, 2) if likeness(one, two).score >= THRESHOLD]


def search_in_a_book(pairs: Sequence[Pair], companies: int) -> list[Search]:
    """Look for one name of each pair among made-up companies and the other names. Nothing of it stays."""
    same = [pair for pair in pairs if pair.is_same and likeness(pair.left, pair.right).score >= THRESHOLD]
    with transaction.atomic():
        made_up = made_up_names(companies)
        Company.objects.bulk_create(
            [Company(code=f"made-up-{n}", name_registered=name, country=of) for n, (name, of) in enumerate(made_up)],
            batch_size=2000,
        )
        meant = Company.objects.bulk_create(
            [Company(code=f"meant-{n}", name_registered=pair.right, country="KZ") for n, pair in enumerate(same)]
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE companies_company")
        searches = [_search(pair.left, company) for pair, company in zip(same, meant, strict=True)]
        searches += [_search(name) for name, _country in random.Random(SEED).sample(made_up, min(200, companies))]  # noqa: S311
        transaction.set_rollback(True)
    return searches


def made_up_names(count: int) -> list[tuple[str, str]]:
    """Names as companies have them, many sharing words: always the same ones."""
    chance = random.Random(SEED)  # noqa: S311
    names = []
    for number in range(count):
        own = "".join(chance.choice(SYLLABLES) for _ in range(chance.randint(2, 4))).title()
        if number % 2:
            names.append((f"PT {' '.join(chance.sample(INDONESIAN, 2))} {own}", Country.INDONESIA.value))
        else:
            form = chance.choice(("ТОО", "ЖШС", "АО"))
            names.append((f"{form} «{' '.join(chance.sample(KAZAKH, 2))} {own}»", Country.KAZAKHSTAN.value))
    return names


def _search(name: str, meant: Company | None = None) -> Search:
    began = time.perf_counter()
    found = likely_among(Company.objects.filter(is_hidden=False), name)
    seconds = time.perf_counter() - began
    return Search(seconds, None if meant is None else any(one.company.pk == meant.pk for one in found))
