"""Kazakh, for which Django has no formats: 2026 ж. 24 қараша, 24.11.2026, 1 234,5 (no-break space), from Monday."""

DATE_FORMAT = "Y\xa0ж. j E"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y\xa0ж. j E, H:i"
YEAR_MONTH_FORMAT = "Y\xa0ж. F"
MONTH_DAY_FORMAT = "j E"
SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y H:i"
FIRST_DAY_OF_WEEK = 1

DATE_INPUT_FORMATS = ["%d.%m.%Y", "%Y-%m-%d"]
DATETIME_INPUT_FORMATS = ["%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M"]

DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\xa0"
NUMBER_GROUPING = 3
