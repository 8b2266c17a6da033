"""Names as they sound: one spelling for Cyrillic, Kazakh and Latin letters, in the ways people turn one into another.

Қазақ, Казах, Kazakh and Qazaq become the same letters; so do Жайық, Zhaiyk and Jaiyq, or Jaya and Джая. Capital
letters stand for sounds that Latin writes with two: S for sh, J for zh and dzh, Q for ch, C for ts.
"""

import re
import unicodedata

CYRILLIC = {
    **dict(zip("абвгдежзийклмнопрстуфхцчшщыэ", "abvgdeJziiklmnoprstufhCQSSie", strict=True)),
    **dict(zip("әғқңөұүһі", "agknouuhi", strict=True)),
    "ё": "e",
    "ю": "iu",
    "я": "ia",
    "ъ": "",
    "ь": "",
}
# Letters that look alike: in a word of the other script they were typed on the wrong keyboard.
LATIN_TWINS = str.maketrans("aeopcxykmthbi", "аеорсхукмтнві")

# How Latin writes sounds of the other scripts, longest first.
LATIN = (
    *(("shch", "S"), ("sch", "S"), ("dzh", "J"), ("tch", "Q"), ("sh", "S"), ("zh", "J"), ("dj", "J"), ("ch", "Q")),
    *(("kh", "h"), ("gh", "g"), ("ph", "f"), ("th", "t"), ("ts", "C"), ("tz", "C"), ("tj", "Q"), ("ck", "k")),
    *(("yo", "io"), ("ya", "ia"), ("yu", "iu"), ("ye", "e")),
    *(("j", "J"), ("q", "k"), ("w", "v"), ("x", "ks"), ("y", "i")),
)
LATIN_PATTERN = re.compile("|".join(spelling for spelling, _sound in LATIN))
LATIN_SOUNDS = dict(LATIN)
# Letters of the Latin alphabet for Kazakh and of Turkish, which would lose what they mean with their mark.
MARKED = str.maketrans({"ş": "sh", "š": "sh", "ç": "ch", "č": "ch", "ž": "zh", "ı": "i", "ŋ": "n", "ə": "a"})

IS_CYRILLIC = re.compile("[\u0400-\u04ff]")
IS_LATIN = re.compile("[a-z]")


def is_cyrillic(word: str) -> bool:
    return bool(IS_CYRILLIC.search(word))


def sound_of(word: str) -> str:
    """A word (small letters, one script or both) as it sounds."""
    word = unicodedata.normalize("NFC", word).translate(MARKED)
    if IS_CYRILLIC.search(word):
        if IS_LATIN.search(word):
            word = word.translate(LATIN_TWINS)
        word = word.replace("дж", "ж").replace("тс", "ц").replace("ье", "е").replace("ъе", "е")
        sound = "".join(CYRILLIC.get(letter, letter) for letter in word)
    else:
        plain = "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))
        sound = LATIN_PATTERN.sub(lambda found: LATIN_SOUNDS[found[0]], plain)
    # A glide after i is heard and not always written: Yubileynoe and Юбилейное, Indonesia and Индонезия aside.
    sound = sound.replace("iie", "ie").replace("iia", "ia").replace("ie", "e") if len(sound) > 3 else sound
    sound = re.sub(r"([^\d])\1+", r"\1", sound)  # doubled letters are one; in numbers they are two
    return sound.replace("kazah", "kazak")


# Indonesian as it was spelled before 1972, and in many firms' names still: Djaja Makmoer is Jaya Makmur.
OLD_SPELLING = re.compile("dj|tj|nj|sj|oe|j")
MODERN = {"dj": "j", "tj": "c", "nj": "ny", "sj": "sy", "oe": "u", "j": "y"}
SHOWS_AGE = re.compile("dj|tj|oe")
DOUBLED = re.compile(r"([^\W\d])\1")


def modern_sound_of(word: str) -> str:
    """The sound of a word in old spelling as it is spelled now."""
    return sound_of(OLD_SPELLING.sub(lambda found: MODERN[found[0]], word))


def doubled_in(word: str) -> str:
    """The letters that are written twice: copper and cooper sound alike without them."""
    return "".join(found[1] for found in DOUBLED.finditer(word))
