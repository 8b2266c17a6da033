"""The columns of the book: one tuple a sheet, in the order of the template. Page `docs/book.md` explains each."""

from dataclasses import dataclass, field
from functools import cached_property

from companies.book import words
from companies.enums import FactKind

HEADING_LANGUAGES = ("en", "id", "ru")


@dataclass(frozen=True)
class Column:
    """One column: its key, how its cells are read, and its headings in English, Indonesian and Russian.

    Text stands on one line, unless the column `has_lines`.
    """

    key: str
    kind: str
    en: str
    id: str
    ru: str
    required: bool = False
    staff_only: bool = False
    choices: dict = field(default_factory=dict)
    size: int = 0
    has_lines: bool = False
    others: tuple[str, ...] = ()

    def heading(self, language: str) -> str:
        """The heading in a language; a reader of Kazakh gets the Russian one."""
        return getattr(self, {"kk": "ru"}.get(language, language), self.en)

    @property
    def names(self) -> list[str]:
        return [words.folded(name) for name in (self.key, self.en, self.id, self.ru, *self.others)]


def _choice(key: str, choices: dict, en: str, id_: str, ru: str, *, several: bool = False, **more) -> Column:
    return Column(key, "choices" if several else "choice", en, id_, ru, choices=choices, **more)


COMPANIES = (
    Column(
        "code",
        "code",
        "company code",
        "kode perusahaan",
        "код компании",
        required=True,
        size=40,
        others=("kode", "код"),
    ),
    Column(
        "name_registered", "text", "registered name", "nama terdaftar", "официальное название", required=True, size=250
    ),
    Column("name_latin", "text", "name in Latin letters", "nama huruf Latin", "название латиницей", size=250),
    Column("name_short", "text", "short name", "nama singkat", "краткое название", size=120),
    _choice("country", words.COUNTRIES, "country", "negara", "страна", required=True),
    Column(
        "registration_number",
        "registration_number",
        "registration number",
        "nomor registrasi",
        "регистрационный номер",
        others=("NIB", "BIN", "IIN", "БИН", "ИИН"),
    ),
    Column("region", "region", "region", "wilayah", "регион"),
    Column("place", "place", "nearest place", "tempat terdekat", "ближайший пункт", others=("place", "пункт")),
    Column(
        "first_mile_km", "whole", "first mile (km)", "jarak ke tempat (km)", "расстояние до пункта (км)", size=20_000
    ),
    Column("city", "text", "city", "kota", "город", size=120),
    _choice("sectors", words.SECTORS, "sectors", "sektor", "отрасли", several=True),
    _choice("size", words.SIZES, "size", "ukuran usaha", "размер", others=("skala usaha", "категория")),
    _choice("languages", words.LANGUAGES, "languages", "bahasa", "языки", several=True),
    Column("website", "text", "website", "situs web", "сайт", size=200),
    Column("role_mailbox", "email", "e-mail", "surel", "эл. почта", others=("email",), size=254),
    Column("switchboard", "text", "telephone", "telepon", "телефон", size=30),
    Column("description", "text", "description", "keterangan", "описание", has_lines=True),
    Column("certificates", "stated_certificates", "certificates", "sertifikat", "сертификаты"),
    _choice("status", words.COMPANY_STATES, "status", "status", "статус", staff_only=True),
    _choice("screening", words.SCREENINGS, "screening", "penyaringan", "проверка по спискам", staff_only=True),
    Column("number_checked_on", "day", "number checked on", "nomor diperiksa pada", "номер проверен", staff_only=True),
    Column(
        "documents_seen_on", "day", "documents seen on", "dokumen dilihat pada", "документы проверены", staff_only=True
    ),
    Column("visited_on", "day", "visited on", "dikunjungi pada", "посещение", staff_only=True),
)

_LISTING_HEAD = (
    Column(
        "company",
        "company",
        "company code",
        "kode perusahaan",
        "код компании",
        required=True,
        others=("company", "perusahaan", "компания"),
    ),
    Column("reference", "text", "reference", "nomor acuan", "номер", required=True, size=40),
)
_WORDS = (
    Column("own_words", "text", "own words", "kata sendiri", "своими словами", has_lines=True),
    _choice("language", words.LANGUAGES, "language", "bahasa", "язык"),
)
_QUANTITY = (
    Column("quantity", "amount", "quantity", "jumlah", "количество", required=True, size=3),
    _choice("unit", words.UNITS, "unit", "satuan", "единица", required=True),
    _choice("period", words.PERIODS, "period", "periode", "период", required=True),
)
_PRICE = (
    Column("price", "amount", "price", "harga", "цена", size=4),
    _choice("currency", words.CURRENCIES, "currency", "mata uang", "валюта"),
    _choice("price_unit", words.PRICE_UNITS, "price unit", "satuan harga", "единица цены"),
)
_LISTING_TAIL = (
    _choice("payment_terms", words.PAYMENT_TERMS, "payment terms", "syarat pembayaran", "условия оплаты", several=True),
    Column("valid_until", "day", "valid until", "berlaku sampai", "действует до"),
    _choice("status", words.LISTING_STATES, "status", "status", "статус"),
)

NEEDS = (
    *_LISTING_HEAD,
    Column("commodities", "commodities", "commodities", "komoditas", "товары", required=True, others=("commodity",)),
    *_WORDS,
    *_QUANTITY,
    Column("smallest_share", "amount", "smallest share", "bagian terkecil", "наименьшая доля", size=3),
    *_PRICE,
    _choice("price_basis", words.BASES, "price basis", "dasar harga", "основа цены"),
    _choice("incoterm", words.INCOTERMS, "Incoterm", "Incoterm", "Инкотермс"),
    Column("named_place", "place", "named place", "tempat Incoterm", "пункт Инкотермс"),
    Column("destination", "place", "destination", "tujuan", "место назначения", required=True),
    Column("window_from", "day", "deliver from", "kirim mulai", "поставка с", required=True),
    Column("window_until", "day", "deliver until", "kirim sampai", "поставка по", required=True),
    Column("certificates", "certificate_kinds", "certificates", "sertifikat", "сертификаты"),
    Column("parameters", "parameters", "parameters", "parameter", "показатели"),
    _choice(
        "accepted_origins",
        words.COUNTRIES,
        "accepted origins",
        "asal diterima",
        "допустимое происхождение",
        several=True,
    ),
    _choice(
        "excluded_origins",
        words.COUNTRIES,
        "excluded origins",
        "asal ditolak",
        "исключённое происхождение",
        several=True,
    ),
    *_LISTING_TAIL,
)

CAPACITIES = (
    *_LISTING_HEAD,
    Column("commodity", "commodity", "commodity", "komoditas", "товар", required=True),
    *_WORDS,
    _choice("origin_country", words.COUNTRIES, "origin", "asal", "происхождение"),
    *_QUANTITY,
    Column("lot", "amount", "lot", "lot", "партия", size=3),
    Column("lot_multiple", "amount", "lot multiple", "kelipatan lot", "кратность партии", size=3),
    Column("packaging", "text", "packaging", "kemasan", "упаковка", size=120),
    Column(
        "net_kg_per_transport_unit",
        "whole",
        "net kg per transport unit",
        "kg bersih per unit angkut",
        "нетто кг на транспортную единицу",
        size=400_000_000,
    ),
    *_PRICE,
    _choice("incoterm", words.INCOTERMS, "Incoterm", "Incoterm", "Инкотермс"),
    Column("place", "place", "place", "tempat", "пункт", required=True),
    Column("available_from", "day", "available from", "tersedia mulai", "доступно с", required=True),
    Column("available_until", "day", "available until", "tersedia sampai", "доступно по", required=True),
    Column("lead_days", "whole", "lead days", "hari persiapan", "дней на подготовку", size=730),
    Column("parameters", "parameters", "parameters", "parameter", "показатели"),
    Column("certificates", "stated_certificates", "certificates", "sertifikat", "сертификаты"),
    *_LISTING_TAIL,
)


# The columns of days on which something was checked.
FACT_COLUMNS = {
    "number_checked_on": FactKind.NUMBER_CHECKED,
    "documents_seen_on": FactKind.DOCUMENTS_SEEN,
    "visited_on": FactKind.VISITED,
}


@dataclass(frozen=True)
class SheetKind:
    """One of the three kinds of sheet, with the names by which a workbook may call it."""

    key: str
    columns: tuple[Column, ...]
    en: str
    id: str
    ru: str
    others: tuple[str, ...] = ()

    def heading(self, language: str) -> str:
        return getattr(self, {"kk": "ru"}.get(language, language), self.en)

    @property
    def names(self) -> list[str]:
        return [words.folded(name) for name in (self.key, self.en, self.id, self.ru, *self.others)]

    @cached_property
    def by_key(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns}

    def column(self, key: str) -> Column:
        return self.by_key[key]


SHEETS = (
    SheetKind("companies", COMPANIES, "Companies", "Perusahaan", "Компании", ("company",)),
    SheetKind("needs", NEEDS, "Needs", "Kebutuhan", "Потребности", ("need",)),
    SheetKind("capacities", CAPACITIES, "Capacities", "Kapasitas", "Предложения", ("capacity", "мощности")),
)
# Sheets that explain and hold no rows of the book: of the template, and of a book that was taken along as a report.
EXPLAINING_SHEETS = {
    words.folded(name)
    for name in (
        *("Read me", "Baca dulu", "Прочтите"),
        *("Allowed values", "Nilai yang diizinkan", "Допустимые значения"),
        *("About", "Tentang", "Сведения", "Мәліметтер"),
    )
}
# A row whose first cell begins so shows how to fill a row, and is not read.
EXAMPLE_MARKS = ("example:", "contoh:", "пример:", "мысал:")
