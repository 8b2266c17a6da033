"""The pages where people decide and propose keep nobody out, on a phone and on a desk. TM_SHOTS=DIR keeps pictures."""

from decimal import Decimal

import pytest

from accounts.enums import Role
from matching import services
from matching.enums import MatchState
from tests.browser.test_match_page import look
from tests.factories import CommodityFactory
from tests.matching.book import capacity
from tests.matching.found import some_matches
from tests.people import person, sign_in_at


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 390])
def test_deciding_and_proposing_keep_nobody_out(live_server, new_page, complaints, width):
    staff = person(Role.STAFF)
    goods = CommodityFactory(name_en="RBD palm olein")
    matches = [result.match for result in some_matches(goods, 3)]
    dear = capacity(goods, price_amount=Decimal(2000))
    batch = services.decide_many(seen={matches[0].pk: "new"}, state=MatchState.SHORTLISTED, decided_by=staff).batch
    page = new_page(width=width)
    sign_in_at(page, live_server.url, staff)
    page.wait_for_url(f"{live_server.url}/")

    pages = {
        "decide": "/matches/decide/?state=new",
        "batch": f"/matches/batches/{batch.pk}/",
        "propose": f"/matches/propose/?need={matches[0].need_id}",
        "pair": f"/matches/propose/?need={matches[0].need_id}&capacity={dear.pk}",
    }
    for name, address in pages.items():
        page.goto(f"{live_server.url}{address}")
        look(page, f"{name}-{width}")
    page.get_by_label("Reason").fill("they met at the fair")
    page.get_by_role("button", name="Propose the pair").click()
    page.get_by_text("The rules judge this pair as soon as a worker is free").wait_for()
    look(page, f"waiting-{width}")
    page.goto(f"{live_server.url}/matches/")
    page.get_by_role("button", name="Keys").click()
    look(page, f"keys-{width}")

    assert complaints == []
