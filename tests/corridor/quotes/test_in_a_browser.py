"""An officer keeps the quotes: an overlap is refused and mended, the list goes out as a sheet and comes back."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.enums import Role
from corridor.models import FreightQuote
from tests.browser.test_company_pages import REFUSED
from tests.browser.test_journey import Visitor
from tests.corridor.quotes.facts import Ways
from tests.factories import ExchangeRateFactory, FreightQuoteFactory
from tests.people import person


@pytest.fixture
def ways(transactional_db) -> Ways:
    made = Ways.made()
    ExchangeRateFactory()
    FreightQuoteFactory(code="Q1", leg=made.leg, equipment=made.box, confidence="example")
    return made


@pytest.mark.parametrize("width", [1280, 390])
def test_an_officer_mends_a_quote_and_reads_the_list_back(ways, new_page, live_server, complaints, tmp_path, width):
    today = timezone.localdate()
    FreightQuoteFactory(
        code="E00001",
        leg=ways.leg,
        equipment=ways.box,
        given_by="Northline",
        valid_from=today - dt.timedelta(days=9),
        valid_to=today + dt.timedelta(days=9),
    )
    officer = Visitor(new_page(width=width), live_server.url, "en", width)
    page = officer.page
    officer.sign_in(person(Role.OFFICER))
    officer.open("/corridor/quotes/", "quotes")

    page.click("a[href='/corridor/quotes/new/']")
    page.select_option("#id_leg", "L900:there")
    page.select_option("#id_equipment", "20DC")
    page.fill("#id_amount", "1650")
    page.fill("#id_valid_from", today.isoformat())
    page.fill("#id_valid_to", (today + dt.timedelta(days=90)).isoformat())
    page.fill("#id_given_by", "Northline")
    page.fill("#id_basis", "station to station")
    page.click("main .primary >> text=Keep the quote")
    page.wait_for_selector("[role=alert]")
    officer.look("quote-refused")
    assert "E00001 holds from" in page.inner_text("[role=alert]")
    assert (page.input_value("#id_amount"), page.input_value("#id_leg")) == ("1650", "L900:there")

    page.fill("#id_valid_from", (today + dt.timedelta(days=10)).isoformat())
    page.click("main .primary >> text=Keep the quote")
    page.wait_for_selector("[role=status]")
    officer.look("quote-kept")
    assert FreightQuote.objects.get(code="E00002").amount == 1650

    officer.open("/corridor/quotes/", "quotes-with-two")
    with page.expect_download() as going:
        page.click("text=as a workbook")
    path = tmp_path / going.value.suggested_filename
    going.value.save_as(path)
    officer.open("/corridor/quotes/import/", "quotes-import")
    page.set_input_files("#id_file", path)
    page.click("main .primary")
    page.wait_for_selector("h1:has-text('Nothing changes')")
    officer.look("quotes-unchanged")
    officer.open("/corridor/rates/", "rates")
    assert complaints == [REFUSED]
