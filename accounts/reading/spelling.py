"""A number spelled in words, in the four languages: 1290 and 1.29 look alike, "one thousand" and "one point" do not."""

# ruff: noqa: SIM905  lists of words read better as words
from decimal import Decimal

from django.utils.translation import get_language

MOST = 10**15
MOST_DECIMALS = 4

ENGLISH_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
ENGLISH_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
ENGLISH_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"))

INDONESIAN_ONES = "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas".split()
INDONESIAN_SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (1000, "ribu"), (100, "ratus"))

RUSSIAN_ONES = (
    "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать "
    "пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"
).split()
RUSSIAN_TENS = "- - двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто".split()
RUSSIAN_HUNDREDS = "- сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот".split()
RUSSIAN_SCALES = (
    (10**12, ("триллион", "триллиона", "триллионов"), False),
    (10**9, ("миллиард", "миллиарда", "миллиардов"), False),
    (10**6, ("миллион", "миллиона", "миллионов"), False),
    (1000, ("тысяча", "тысячи", "тысяч"), True),
)
RUSSIAN_PARTS = ("", "десят", "сот", "тысячн", "десятитысячн")

KAZAKH_ONES = "нөл бір екі үш төрт бес алты жеті сегіз тоғыз".split()
KAZAKH_TENS = "- он жиырма отыз қырық елу алпыс жетпіс сексен тоқсан".split()
KAZAKH_SCALES = ((10**12, "триллион"), (10**9, "миллиард"), (10**6, "миллион"), (1000, "мың"), (100, "жүз"))
KAZAKH_PARTS = ("", "оннан", "жүзден", "мыңнан", "он мыңнан")


def spelled(value: Decimal) -> str:
    """The words for a number from 0 up, or nothing where they would be endless."""
    whole = int(value)
    decimals = f"{value.normalize():f}".partition(".")[2]
    if whole >= MOST or len(decimals) > MOST_DECIMALS:
        return ""
    return SPELLED.get((get_language() or "en")[:2], _english)(whole, decimals)


def _english(whole: int, decimals: str) -> str:
    words = _english_whole(whole)
    return " ".join([words, "point", *(ENGLISH_ONES[int(digit)] for digit in decimals)]) if decimals else words


def _english_whole(number: int) -> str:
    if number < 20:
        return ENGLISH_ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return ENGLISH_TENS[tens] + (f"-{ENGLISH_ONES[ones]}" if ones else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return f"{ENGLISH_ONES[hundreds]} hundred" + (f" and {_english_whole(rest)}" if rest else "")
    size, name = next(scale for scale in ENGLISH_SCALES if number >= scale[0])
    count, rest = divmod(number, size)
    words = f"{_english_whole(count)} {name}"
    if not rest:
        return words
    return f"{words} and {_english_whole(rest)}" if rest < 100 else f"{words} {_english_whole(rest)}"


def _indonesian(whole: int, decimals: str) -> str:
    words = _indonesian_whole(whole)
    return " ".join([words, "koma", *(INDONESIAN_ONES[int(digit)] for digit in decimals)]) if decimals else words


def _indonesian_whole(number: int) -> str:
    if number < 12:
        return INDONESIAN_ONES[number]
    if number < 20:
        return f"{INDONESIAN_ONES[number - 10]} belas"
    if number < 100:
        return _joined(_indonesian_whole, f"{INDONESIAN_ONES[number // 10]} puluh", number % 10)
    size, name = next(scale for scale in INDONESIAN_SCALES if number >= scale[0])
    count, rest = divmod(number, size)
    head = f"se{name}" if count == 1 and size <= 1000 else f"{_indonesian_whole(count)} {name}"
    return _joined(_indonesian_whole, head, rest)


def _russian(whole: int, decimals: str) -> str:
    """One whole, twenty-nine hundredths: the parts are feminine and follow their numbers."""
    if not decimals:
        return _russian_whole(whole, is_feminine=False)
    part = int(decimals)
    ending = "ая" if _russian_form(part) == 0 else "ых"
    wholes = "целая" if _russian_form(whole) == 0 else "целых"
    return (
        f"{_russian_whole(whole, is_feminine=True)} {wholes} "
        f"{_russian_whole(part, is_feminine=True)} {RUSSIAN_PARTS[len(decimals)]}{ending}"
    )


def _russian_whole(number: int, *, is_feminine: bool) -> str:
    if number < 20:
        return {1: "одна", 2: "две"}.get(number, RUSSIAN_ONES[number]) if is_feminine else RUSSIAN_ONES[number]

    def rest_of(rest: int) -> str:
        return _russian_whole(rest, is_feminine=is_feminine)

    if number < 100:
        return _joined(rest_of, RUSSIAN_TENS[number // 10], number % 10)
    if number < 1000:
        return _joined(rest_of, RUSSIAN_HUNDREDS[number // 100], number % 100)
    size, names, thousands_are_feminine = next(scale for scale in RUSSIAN_SCALES if number >= scale[0])
    count, rest = divmod(number, size)
    head = f"{_russian_whole(count, is_feminine=thousands_are_feminine)} {names[_russian_form(count)]}"
    return _joined(rest_of, head, rest)


def _russian_form(number: int) -> int:
    """0 after 1, 21, 31; 1 after 2 to 4, 22 to 24; 2 after all others."""
    if number % 10 == 1 and number % 100 != 11:
        return 0
    return 1 if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else 2


def _kazakh(whole: int, decimals: str) -> str:
    """One whole, out of a hundred twenty-nine."""
    words = _kazakh_whole(whole)
    return f"{words} бүтін {KAZAKH_PARTS[len(decimals)]} {_kazakh_whole(int(decimals))}" if decimals else words


def _kazakh_whole(number: int) -> str:
    if number < 10:
        return KAZAKH_ONES[number]
    if number < 100:
        return _joined(_kazakh_whole, KAZAKH_TENS[number // 10], number % 10)
    size, name = next(scale for scale in KAZAKH_SCALES if number >= scale[0])
    count, rest = divmod(number, size)
    head = name if count == 1 and size <= 1000 else f"{_kazakh_whole(count)} {name}"
    return _joined(_kazakh_whole, head, rest)


def _joined(spell, head: str, rest: int) -> str:
    return f"{head} {spell(rest)}" if rest else head


SPELLED = {"en": _english, "id": _indonesian, "ru": _russian, "kk": _kazakh}
