"""Reads when: days, months, quarters and years, and the windows that words make of them, in four languages.

A month without a year is the next one to come. "Till March" leaves open whether March is meant with it: both
readings are given (до марта, sampai Maret, наурызға дейін), while "through March" or "по март" has one.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.reading.days import parse_day
from accounts.reading.refusals import Refusal
from companies.own_words.facts import Window
from companies.own_words.scanning import Text

MONTHS = (
    (r"january|januari|jan|январ[ьяюе]\w*|янв|қаңтар\w*", 1),
    (r"february|februari|feb|феврал\w+|фев|ақпан\w*", 2),
    (r"march|maret|mar|март\w*|наурыз\w*", 3),
    (r"april|apr|апрел\w+|апр|сәуір\w*", 4),
    (r"may|mei|ма[йяею]|маем|мамыр\w*", 5),
    (r"june|juni|jun|июн\w+|маусым\w*", 6),
    (r"july|juli|jul|июл\w+|шілде\w*", 7),
    (r"august|agustus|aug|agu|agt|ags|август\w*|авг|тамыз\w*", 8),
    (r"september|sept|sep|сентябр\w+|сент|сен|қыркүйек\w*|қыркүйег\w*", 9),
    (r"october|oktober|oct|okt|октябр\w+|окт|қазан\w*", 10),
    (r"november|nov|ноябр\w+|ноя|қараша\w*", 11),
    (r"december|desember|dec|des|декабр\w+|дек|желтоқсан\w*", 12),
)
MONTH_PATTERNS = [(re.compile(pattern), number) for pattern, number in MONTHS]
MONTH = "|".join(pattern for pattern, _number in MONTHS)
# Short or English words that are other words too: read as a month only beside a year, a day or a preposition.
ALSO_WORDS = re.compile(r"may|march|mar|mei|jan|jun|jul|des|sep|сен|май|мая|dec|nov|agu|ags|agt|дек")
YEAR = r"20[2-9]\d"
OF_YEAR = r"(?:\s*(?:г\.?(?!\w)|года?|году|жыл\w*|ж\.))"
QUARTERS = {"1": 1, "2": 2, "3": 3, "4": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}
QUARTER_WORD = r"кв\.|кв|квартал\w*|quarter|kuartal|triwulan|тоқсан\w*"

# One moment: a day, a month, a quarter or a year, with or without its year.
POINT = (
    rf"(?:(?P<iso{{0}}>\d{{{{4}}}}-\d{{{{1,2}}}}-\d{{{{1,2}}}}|\d{{{{1,2}}}}[./-]\d{{{{1,2}}}}[./-]\d{{{{4}}}})"
    rf"|(?:(?P<kyear{{0}}>{YEAR})\s*(?:жыл\w*|ж\.)\s*)?(?P<day{{0}}>\d{{{{1,2}}}})(?:-?(?:го|st|nd|rd|th|ші|шы))?\s+(?P<dmonth{{0}}>{MONTH})(?!\w)(?:\s*,?\s*(?P<dyear{{0}}>{YEAR})(?!\d){OF_YEAR}?)?"
    rf"|(?P<emonth{{0}}>{MONTH})\s+(?P<eday{{0}}>\d{{{{1,2}}}})(?:st|nd|rd|th)?(?!\d)(?:\s*,?\s*(?P<eyear{{0}}>{YEAR})(?!\d))?(?!\s*(?:t|ton|kg|т|кг|%)\b)"
    rf"|(?:(?P<ykyear{{0}}>{YEAR})\s*(?:жыл\w*|ж\.)\s*)?(?P<month{{0}}>{MONTH})(?!\w)\.?(?:\s*,?\s*(?P<myear{{0}}>{YEAR})(?!\d){OF_YEAR}?)?"
    rf"|(?:(?P<kqyear{{0}}>{YEAR})\s*(?:жыл\w*|ж\.)\s*)?(?:q(?P<q{{0}}>[1-4])|(?P<nq{{0}}>[1-4]|iv|i{{{{1,3}}}})(?:-?(?:й|ый|ой|м|ом|ші|шы|st|nd|rd|th))?\s*-?\s*(?:{QUARTER_WORD})"
    rf"|(?:{QUARTER_WORD}|tw)\s*(?P<qn{{0}}>[1-4]|iv|i{{{{1,3}}}}))(?!\w)(?:\s*,?\s*(?P<qyear{{0}}>{YEAR})(?!\d){OF_YEAR}?)?"
    rf"|(?P<year{{0}}>{YEAR})(?!\d){OF_YEAR}|(?:tahun|year)\s+(?P<iyear{{0}}>{YEAR})(?!\d))"
)
ONE, TWO = POINT.format("1"), POINT.format("2")

FROM = r"(?:с|со|начиная с|from|since|starting(?: from)?|as of|mulai(?: dari)?|sejak|dari|между|between|antara)"
WITHIN = r"(?:-|по|to|through|thru|s/d|s\.d\.?|sampai(?: dengan)?|hingga|and|dan)"
UP_TO = r"(?:до|till|until|untill|til)"
NO_LATER = r"(?:не позднее|не позже|no later than|not later than|paling lambat|through|thru|selambatnya)"
UNTIL = r"(?:до|till|until|by|sampai(?: dengan)?|hingga|s/d|к)"
BEFORE = r"(?:before|sebelum)"
IN = r"(?:в|во|на|in|for|during|pada|bulan|untuk|di bulan)"
END = r"(?:конца|end of(?: the)?|akhir|the end of)"

ONCE_MORE = ONE.replace("1>", "3>")  # the same beside it, where one pattern has two ways to say a thing
ABLATIVE = "(?:(?<=дан)|(?<=ден)|(?<=тан)|(?<=тен)|(?<=нан)|(?<=нен))"
RANGE = re.compile(
    rf"(?<![\w.,])(?:(?P<from>{FROM})\s+)?(?:bulan\s+)?{ONE}\s*(?:(?P<within>{WITHIN})|(?P<upto>{UP_TO})|{ABLATIVE})"
    rf"\s*(?:{END}\s+)?{TWO}(?!\w)(?P<kazakh>\s*дейін)?"
)
# С 1 по 15 марта: two days of one month.
DAYS = re.compile(
    rf"(?<![\w.,/])(?:{FROM}\s+)?(?P<begin>\d{{1,2}})\s*(?:{WITHIN}|{UP_TO})\s*(?P<day1>\d{{1,2}})\s+"
    rf"(?P<dmonth1>{MONTH})(?!\w)(?:\s*,?\s*(?P<dyear1>{YEAR})(?!\d){OF_YEAR}?)?"
)
TO_END = re.compile(
    rf"(?<!\w)(?:(?:{UNTIL}|{NO_LATER})\s+)(?:{END})\s+(?:bulan\s+)?"
    rf"(?:{ONE}|(?P<this>года|the year|year|tahun(?: ini)?))(?!\w)"
    rf"|(?<!\w)(?:{ONCE_MORE}\s+соңына|(?P<kthis>жыл соңына))\s*дейін"
)
LAST = re.compile(
    rf"(?<!\w)(?:(?P<nolater>{NO_LATER})|(?P<before>{BEFORE})|(?P<until>{UNTIL}))\s+(?:bulan\s+|tanggal\s+)?{ONE}(?!\w)"
    rf"|(?<![\w.,]){ONCE_MORE}(?:-?(?:ға|ге|қа|ке|на|не))?\s*(?P<kazakh>дейін)"
)
FIRST = re.compile(
    rf"(?<!\w)(?:{FROM})\s+(?:bulan\s+|tanggal\s+)?{ONE}(?!\w)"
    rf"|(?<![\w.,]){ONCE_MORE}(?:-?(?:дан|ден|тан|тен|нан|нен))?\s*бастап"
)
# Ready to ship so many days after the order.
LEAD = re.compile(
    r"(?<!\w)(?:within|lead time|dalam(?: waktu)?|в течение|срок (?:поставки|отгрузки))\s*:?\s*(?P<days>\d{1,3})\s*"
    r"(?:calendar |working |рабочих |календарных )?(?:days?|hari|дн\w*)(?!\w)"
    r"|(?<![\w.,])(?P<kdays>\d{1,3})\s*күн\w* ішінде(?!\w)"
)
INSIDE = re.compile(rf"(?<![\w.,])(?:(?P<in>{IN})\s+)?{ONE}(?!\w)")


@dataclass(frozen=True)
class Span:
    """The days of one moment: of a month its first and last."""

    first: date
    last: date

    @property
    def is_day(self) -> bool:
        return self.first == self.last


def read_windows(text: Text, today: date) -> None:
    for found in text.find(LEAD):
        text.take("lead_days", (int(found["days"] or found["kdays"]),), *found.span())
    for found in text.find(DAYS):
        for last in spans_of(found, "1", today):
            begin = int(found["begin"])
            if 1 <= begin <= last.first.day:
                _take(text, found, [Window(last.first.replace(day=begin), last.last)])
    for found in text.find(RANGE):
        _take_range(text, found, today)
    for found in text.find(TO_END):
        if found["this"] or found["kthis"]:
            text.take("window", (Window(None, date(today.year, 12, 31)),), *found.span())
        else:
            _take(text, found, [Window(None, span.last) for span in _either(found, today)])
    for found in text.find(LAST):
        _take(text, found, _until(found, today))
    for found in text.find(FIRST):
        _take(text, found, [Window(span.first, None) for span in _either(found, today)])
    for found in text.find(INSIDE):
        said = found["month1"] or ""
        if ALSO_WORDS.fullmatch(said) and not (found["myear1"] or found["in"]):
            continue
        _take(text, found, [Window(span.first, span.last) for span in spans_of(found, "1", today)])


def _take(text: Text, found: re.Match, windows: list[Window]) -> None:
    if windows := list(dict.fromkeys(windows)):
        text.take("window", tuple(windows), *found.span())


def _take_range(text: Text, found: re.Match, today: date) -> None:
    """From a first to a last. The year is told once, mostly behind the second; backwards is no range."""
    is_question = bool(found["upto"] or found["kazakh"])
    windows = []
    for second in spans_of(found, "2", today):
        for first in spans_of(found, "1", today, by=second.last):
            begin = first.first
            if begin > second.last:
                continue
            if is_question and not second.is_day:
                windows += [Window(begin, second.last)]
                if begin < second.first:
                    windows += [Window(begin, second.first - timedelta(days=1))]
            else:
                windows.append(Window(begin, second.last))
    _take(text, found, windows)


def _until(found: re.Match, today: date) -> list[Window]:
    windows = []
    for span in _either(found, today):
        day_before = span.first - timedelta(days=1)
        if found["before"]:
            windows.append(Window(None, day_before))
        elif span.is_day or found["nolater"] or day_before < today:
            windows.append(Window(None, span.last))
        else:
            windows += [Window(None, span.last), Window(None, day_before)]
    return windows


def _either(found: re.Match, today: date) -> list[Span]:
    return spans_of(found, "1", today) or spans_of(found, "3", today)


def spans_of(found: re.Match, which: str, today: date, by: date | None = None) -> list[Span]:
    """Every span of days the moment can mean; `by`: it lies in the year before that day, where it has no year."""

    def part(name: str) -> str | None:
        return found.groupdict().get(f"{name}{which}")

    if iso := part("iso"):
        try:
            return [Span(day, day) for day in [parse_day(iso)]]
        except Refusal as refusal:
            both = [refusal.params[name] for name in ("one", "two")] if refusal.code == "day_two_readings" else []
            return [Span(day, day) for day in both]
    for month, day, years in (("dmonth", "day", ("dyear", "kyear")), ("emonth", "eday", ("eyear",))):
        if written := part(month):
            return _day(_month_of(written), int(part(day)), _year(part, years), today, by)
    if written := part("month"):
        return _months(_month_of(written), 1, _year(part, ("myear", "ykyear")), today, by)
    if quarter := part("q") or part("nq") or part("qn"):
        return _months(QUARTERS[quarter] * 3 - 2, 3, _year(part, ("qyear", "kqyear")), today, by)
    if year := _year(part, ("year", "iyear")):
        return [Span(date(year, 1, 1), date(year, 12, 31))]
    return []


def _year(part, names: tuple[str, ...]) -> int | None:
    return next((int(part(name)) for name in names if part(name)), None)


def _month_of(written: str) -> int:
    return next(number for pattern, number in MONTH_PATTERNS if pattern.fullmatch(written))


def _months(month: int, count: int, year: int | None, today: date, by: date | None) -> list[Span]:
    def span(in_year: int) -> Span:
        last_month = month + count - 1
        return Span(date(in_year, month, 1), date(in_year, last_month, calendar.monthrange(in_year, last_month)[1]))

    return [_nearest(span, year, today, by)]


def _day(month: int, day: int, year: int | None, today: date, by: date | None) -> list[Span]:
    def span(in_year: int) -> Span:
        found = date(in_year, month, day)
        return Span(found, found)

    try:
        return [_nearest(span, year, today, by)]
    except ValueError:  # there is no 31 June
        return []


def _nearest(span, year: int | None, today: date, by: date | None) -> Span:
    """In its year; else the next to come; else the last one that begins before a given day."""
    if year:
        return span(year)
    if by:
        return span(by.year) if span(by.year).first <= by else span(by.year - 1)
    return span(today.year) if span(today.year).last >= today else span(today.year + 1)
