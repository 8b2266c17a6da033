"""A company looks at who fits it, on a phone and on a desk: from the header to the list, to one partner and back."""

import pytest

from matching.enums import MatchState, Side
from tests.browser.test_journey import Visitor
from tests.matching.book import capacity, need
from tests.matching.found import found, near_miss
from tests.matching.secret_book import secret_book, told_of
from tests.people import member_of


@pytest.fixture
def secret(transactional_db):
    """A partner that says a great deal of itself, one that the city proposes, and one that nearly fits."""
    book = secret_book(Side.SELLER)
    run = book.match.first_run
    found(run, book.own_listing, capacity(book.goods), state=MatchState.PROPOSED)
    near_miss(run, need(book.goods, company=book.own), capacity(book.goods), side="buyer")
    return book


@pytest.mark.parametrize(("width", "language"), [(390, "id"), (390, "kk"), (1280, "en"), (1280, "ru")])
def test_company_reads_who_fits_it(secret, new_page, live_server, complaints, width, language):
    someone = Visitor(new_page(width=width, language=language), live_server.url, language, width)
    page = someone.page
    someone.sign_in(member_of(secret.own))

    someone.open("/partners/", "partners")
    assert told_of(page.content()) == []
    page.click(f"main a[href='/partners/{secret.match.pk}/']")
    page.wait_for_url(f"**/partners/{secret.match.pk}/")
    someone.look("partner")
    assert told_of(page.content()) == []
    page.click(f"main a[href='/partners/?need={secret.own_listing.pk}']")
    page.wait_for_url(lambda address: address.endswith(f"/partners/?need={secret.own_listing.pk}"))
    someone.look("partners-of-one")

    assert complaints == []
