"""Numbers and days typed at a terminal: read like everywhere else, refused as argparse wants it."""

from argparse import ArgumentTypeError
from datetime import date
from decimal import Decimal

from accounts.reading.days import parse_day
from accounts.reading.numbers import parse_number
from accounts.reading.refusals import Refusal


def day_argument(text: str) -> date:
    try:
        return parse_day(text)
    except Refusal as refusal:
        raise ArgumentTypeError(str(refusal)) from None


def number_argument(text: str) -> Decimal:
    """A number of at least 0."""
    try:
        return parse_number(text)
    except Refusal as refusal:
        raise ArgumentTypeError(str(refusal)) from None
