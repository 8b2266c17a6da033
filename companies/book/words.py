"""The words that cells with a fixed choice may hold: the code itself, or the word in English, Indonesian or Russian."""

import unicodedata

from commodities.enums import Sector, Unit
from companies.enums import (
    CertificateState,
    CompanySize,
    CompanyStatus,
    ListingStatus,
    PaymentTerm,
    Period,
    PriceBasis,
    Screening,
)
from corridor.enums import Country, Currency, Incoterm

UNITS = {
    Unit.TONNE: ("t", "ton", "tonne", "tonnes", "т", "тонна", "тонн"),
    Unit.QUINTAL: ("q", "quintal", "quintals", "kwintal", "ц", "центнер", "центнеров"),
    Unit.KILOGRAM: ("kg", "kilogram", "kilograms", "кг", "килограмм"),
    Unit.LITRE: ("l", "litre", "litres", "liter", "л", "литр", "литров"),
    Unit.CUBIC_METRE: ("m3", "m³", "meter kubik", "м3", "м³", "кубометр"),
    Unit.PIECE: ("pcs", "pieces", "buah", "шт", "шт.", "штук"),
    Unit.BOX_20: ("box20", "20' box", "20-foot box", "kontainer 20'", "kontainer 20 kaki", "20-футовый контейнер"),
}
PRICE_UNITS = {unit: UNITS[unit] for unit in (Unit.TONNE, Unit.KILOGRAM)}
PERIODS = {
    Period.ONCE: ("once", "sekali", "разово", "один раз"),
    Period.MONTHLY: ("monthly", "per month", "bulanan", "per bulan", "ежемесячно", "в месяц"),
}
COUNTRIES = {
    Country.INDONESIA: ("ID", "Indonesia", "Индонезия"),
    Country.KAZAKHSTAN: ("KZ", "Kazakhstan", "Kazakstan", "Казахстан"),
}
CURRENCIES = {currency: (currency.value,) for currency in Currency}
INCOTERMS = {incoterm: (incoterm.value,) for incoterm in Incoterm}
BASES = {
    PriceBasis.AT_INCOTERM: ("at_incoterm", "at the Incoterm", "sesuai Incoterm", "по условию Инкотермс"),
    PriceBasis.ALL_IN: ("all_in", "all-in at my place", "semua biaya di tempat saya", "всё включено у меня"),
}
PAYMENT_TERMS = {
    PaymentTerm.PREPAID: ("prepaid", "payment in advance", "bayar di muka", "предоплата"),
    PaymentTerm.PART_PREPAID: ("part_prepaid", "30 % in advance", "uang muka 30 %", "аванс 30 %"),
    PaymentTerm.LETTER_OF_CREDIT: ("letter_of_credit", "letter of credit", "LC", "L/C", "аккредитив"),
    PaymentTerm.DOCUMENTS: ("documents", "cash against documents", "bayar saat dokumen", "оплата против документов"),
    PaymentTerm.CREDIT_30: ("credit_30", "30 days after delivery", "30 hari setelah kirim", "30 дней после поставки"),
    PaymentTerm.CREDIT_60: ("credit_60", "60 days after delivery", "60 hari setelah kirim", "60 дней после поставки"),
}
LISTING_STATES = {
    ListingStatus.OPEN: ("open", "terbuka", "открыто"),
    ListingStatus.DRAFT: ("draft", "konsep", "черновик"),
    ListingStatus.PAUSED: ("paused", "dijeda", "на паузе"),
    ListingStatus.CLOSED: ("closed", "ditutup", "закрыто"),
    ListingStatus.WITHDRAWN: ("withdrawn", "ditarik", "отозвано"),
}
COMPANY_STATES = {
    CompanyStatus.DRAFT: ("draft", "konsep", "черновик"),
    CompanyStatus.SUBMITTED: ("submitted", "diajukan", "подано"),
    CompanyStatus.ACTIVE: ("active", "aktif", "активна"),
    CompanyStatus.SUSPENDED: ("suspended", "ditangguhkan", "приостановлена"),
}
SIZES = {
    CompanySize.MICRO: ("micro", "mikro", "usaha mikro", "микро", "микропредприятие"),
    CompanySize.SMALL: ("small", "kecil", "usaha kecil", "малое", "малое предприятие"),
    CompanySize.MEDIUM: ("medium", "menengah", "usaha menengah", "среднее", "среднее предприятие"),
    CompanySize.LARGE: ("large", "besar", "usaha besar", "крупное", "крупное предприятие"),
}
SCREENINGS = {
    Screening.NOT_SCREENED: ("not_screened", "not screened", "belum disaring", "не проверена"),
    Screening.CLEAR: ("clear", "bersih", "без замечаний"),
    Screening.REFUSED: ("refused", "ditolak", "отказано"),
}
SECTORS = {
    Sector.PALM_OIL: ("palm_oil", "palm oil", "minyak sawit", "пальмовое масло"),
    Sector.FISHERIES: ("fisheries", "perikanan", "рыба и морепродукты"),
    Sector.METALS: ("metals", "logam", "металлы"),
    Sector.GRAINS: ("grains", "biji-bijian", "зерно и масличные"),
    Sector.FERTILISERS: ("fertilisers", "pupuk", "удобрения"),
    Sector.ENERGY: ("energy", "energi", "энергия"),
    Sector.WOOD: ("wood", "kayu", "древесина"),
    Sector.OTHER: ("other", "lainnya", "прочее"),
}
LANGUAGES = {
    "id": ("id", "Indonesian", "bahasa Indonesia", "индонезийский"),
    "en": ("en", "English", "bahasa Inggris", "английский"),
    "ru": ("ru", "Russian", "bahasa Rusia", "русский"),
    "kk": ("kk", "Kazakh", "bahasa Kazakh", "казахский"),
}
CERTIFICATE_STATES = {
    CertificateState.CHECKED: ("checked", "sudah diperiksa", "проверен"),
    CertificateState.UNCHECKED: ("unchecked", "belum diperiksa", "не проверен"),
    CertificateState.NOT_HELD: ("not_held", "not held", "tidak dimiliki", "нет"),
}
UNTIL = ("until", "sampai", "до")


def folded(text: str) -> str:
    """One form for texts that a person would call the same: case, width and blanks do not matter, nor ё and е."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("ё", "е").replace("_", " ").split())


def by_word(choices: dict) -> dict[str, str]:
    """Each accepted word, folded, with the code it stands for."""
    return {folded(word): str(getattr(code, "value", code)) for code, words in choices.items() for word in words}
