"""The pages of duties: lists, what counts for some goods, picking a line and taking it back."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from corridor.models import DutyChoice, Preference
from corridor.services.duties import stamp_of
from tests.corridor.tariffs import tariff
from tests.factories import CommodityFactory
from tests.people import person

pytestmark = pytest.mark.django_db
GOODS = "/corridor/duties/goods/rbd-palm-olein/KZ/"


@pytest.fixture
def officer(client):
    user = person(Role.OFFICER, name="Aigerim")
    client.force_login(user)
    return user


@pytest.fixture
def olein():
    return CommodityFactory(code="rbd-palm-olein", hs_code="151190", name_en="RBD palm olein", name_id="Olein sawit")


@pytest.fixture
def lines(olein):
    return tariff("1511901902", condition="solid fractions"), tariff("1511909908", ad_valorem_pct=0, condition="other")


def text_of(response) -> str:
    text = re.sub(r"<(script|svg|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def codes(client, query: str) -> list[str]:
    response = client.get(f"/corridor/duties/?{query}")
    assert response.status_code == 200, text_of(response)
    return [line.national_code for line in response.context["page"]]


def test_list_of_duties_is_found_by_goods_code_state_rate_and_preference(client, officer, lines):
    today = timezone.localdate()
    tariff("03061700", hs6="030617", market="ID", ad_valorem_pct=None, rate_text="not researched")
    tariff("1511990000", valid_to=today - dt.timedelta(1), preference_scheme="I-EAEU FTA", source_date=today)
    tariff("0203000000", hs6="020300", source_date=dt.date(2020, 1, 1))

    assert codes(client, "goods=olein sawit") == ["1511901902", "1511909908", "1511990000"]
    assert codes(client, "goods=1511 90.99") == ["1511909908"]
    assert codes(client, "goods=solid") == ["1511901902"]
    assert codes(client, "rate=unknown") == ["03061700"]
    assert codes(client, "state=expired") == ["1511990000"]
    assert codes(client, "state=stale") == ["0203000000"]
    assert codes(client, "preference=I-EAEU+FTA") == ["1511990000"]
    assert codes(client, "preference=none&market=ID") == ["03061700"]
    assert codes(client, "sort=-rate&goods=1511") == ["1511901902", "1511990000", "1511909908"]


@pytest.mark.parametrize(
    "query", ["market=US", "sort=colour", "page=99", "colour=red", "preference=ASEAN", "goods=%00"]
)
@pytest.mark.parametrize("page", ["/corridor/duties/", "/corridor/duties/goods/", "/corridor/papers/"])
def test_nonsense_in_the_address_of_a_list_is_refused(client, officer, lines, page, query):
    assert client.get(f"{page}?{query}").status_code == 400


def test_line_without_a_rate_says_not_known_and_why(client, officer):
    tariff("", measure="import_income_tax_art22", ad_valorem_pct=None, rate_text="depends on the licence")

    assert "not known depends on the licence" in text_of(client.get("/corridor/duties/"))


@pytest.mark.parametrize("page", ["/corridor/duties/", "/corridor/duties/goods/"])
def test_lists_cost_the_same_queries_for_one_row_as_for_three(client, officer, page):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page).status_code == 200
        return len(captured)

    CommodityFactory(hs_code="151190"), tariff()
    queries()
    few = queries()
    for number in range(2):
        CommodityFactory(hs_code=f"15119{number}"), tariff(hs6=f"15119{number}", preference_scheme="I-EAEU FTA")

    assert queries() == few


def test_goods_are_listed_with_the_lines_that_count_and_why(client, officer, olein, lines):
    CommodityFactory(code="lentils", hs_code="071340", name_en="Lentils")
    DutyChoice.objects.create(commodity=olein, market="KZ", tariff=lines[1], reason="not solid", source="a broker")

    def shown(query: str) -> list[tuple]:
        rows = client.get(f"/corridor/duties/goods/?{query}").context["rows"]
        return [(goods.name_en, [line.national_code for line in found.lines], found.why) for goods, found in rows]

    assert shown("") == [("Lentils", [], "none"), ("RBD palm olein", ["1511909908"], "chosen")]
    assert shown("why=chosen") == [("RBD palm olein", ["1511909908"], "chosen")]
    assert shown("market=ID&goods=olein") == [("RBD palm olein", [], "none")]


def test_officer_picks_a_line_and_everybody_reads_why(client, officer, olein, lines):
    before = text_of(client.get(GOODS))
    typed = {"line": lines[1].code, "reason": "not a solid fraction", "source": "letter of a broker, 3 Nov 2026"}

    response = client.post(f"{GOODS}choose/", typed | {"seen": ""}, follow=True)

    assert "2 lines may apply, and nobody has picked one" in before
    assert response.redirect_chain == [(GOODS, 302)]
    after = text_of(response)
    assert "1511909908 counts now, here and in the next run." in after
    assert "Line 1511909908 counts: picked by Aigerim on" in after
    assert "Why: not a solid fraction; source: letter of a broker, 3 Nov 2026." in after
    assert "1511909908 picked : not a solid fraction" in after


def test_what_was_typed_stays_where_it_is_refused(client, officer, olein, lines):
    typed = {"line": lines[1].code, "reason": "so", "source": "letter of a broker"}

    response = client.post(f"{GOODS}choose/", typed)

    page = response.content.decode()
    assert response.status_code == 400
    assert "Say why, in 5 to 300 letters." in page
    assert f'value="{lines[1].code}" selected' in page
    assert 'value="letter of a broker"' in page


@pytest.mark.parametrize("facts", [{"hs6": "151110"}, {"market": "ID"}, {"valid_to": dt.date(2020, 1, 1)}])
def test_line_that_cannot_count_is_no_choice(client, officer, olein, lines, facts):
    other = tariff("1511109002", **facts)

    response = client.post(f"{GOODS}choose/", {"line": other.code, "reason": "because of it", "source": "a broker"})

    assert response.status_code == 400
    assert f"{other.code} is no choice here." in text_of(response)
    assert not DutyChoice.objects.exists()


def test_second_tab_is_told_and_may_save_again(client, officer, olein, lines):
    first = DutyChoice.objects.create(commodity=olein, market="KZ", tariff=lines[0], reason="first", source="a ruling")
    typed = {"line": lines[1].code, "reason": "not solid", "source": "a broker", "seen": ""}

    refused = client.post(f"{GOODS}choose/", typed)
    again = client.post(f"{GOODS}choose/", typed | {"seen": refused.context["form"]["seen"].value()})

    assert refused.status_code == 400
    assert "Somebody picked 1511901902 in the meantime. Look at it, then save again to keep yours." in text_of(refused)
    assert refused.context["form"]["seen"].value() == stamp_of(first)
    assert again.status_code == 302
    assert DutyChoice.objects.get().tariff == lines[1]


def test_choice_is_taken_back_with_a_reason_and_stays_in_the_history(client, officer, olein, lines):
    DutyChoice.objects.create(commodity=olein, market="KZ", tariff=lines[0], reason="first", source="a ruling")
    seen = client.get(GOODS).context["back"]["seen"].value()

    refused = client.post(f"{GOODS}take-back/", {"back-seen": seen, "back-reason": ""})
    done = client.post(f"{GOODS}take-back/", {"back-seen": seen, "back-reason": "the ruling was repealed"}, follow=True)

    assert (refused.status_code, done.status_code) == (400, 200)
    assert "Fill this in." in text_of(refused)
    assert "1511901902 taken back : the ruling was repealed Aigerim" in text_of(done)
    assert not DutyChoice.objects.exists()


@pytest.mark.parametrize("page", [GOODS, "/corridor/duties/"])
def test_line_tells_how_its_preference_is_switched(client, officer, olein, page):
    tariff(preference_scheme="I-EAEU FTA", preference_status="entry into force not confirmed")
    before = text_of(client.get(page))
    Preference.objects.create(scheme="I-EAEU FTA", in_force_from="2027-01-01", legal_reference="EEC decision 12")

    assert "I-EAEU FTA entry into force not confirmed" in before
    assert (
        "I-EAEU FTA switched on from 1 Jan 2027 : EEC decision 12 then anything from nothing to 3%"
        in text_of(client.get(page))
    )  # fmt: skip


def test_line_that_is_usual_for_other_goods_is_not_called_so(client, officer, olein, lines):
    tariff("1511909902", is_usual=True, line_note="for: cooking-oil-packed; jerrycans")

    rows = client.get(GOODS).context["rows"]

    assert [row["is_usual"] for row in rows] == [False, False, False]


def test_goods_with_one_line_have_nothing_to_pick(client, officer, olein):
    tariff()

    page = text_of(client.get(GOODS))

    assert "There is one line, and it counts." in page
    assert "Let this line count" not in page


def test_goods_without_a_rate_say_that_the_duty_is_not_known(client, officer, olein):
    tariff("1511909908", ad_valorem_pct=None, rate_text="not researched")

    page = text_of(client.get(GOODS))

    assert "Line 1511909908 has no rate in the reference data: the duty is not known." in page


@pytest.mark.parametrize("address", ["goods/rbd-palm-olein/US/", "goods/nothing/KZ/", "goods/151190/KZ/"])
def test_goods_and_markets_that_are_not_there_are_not_found(client, officer, olein, address):
    CommodityFactory(code="151190", kind="subheading", hs_code="151190")

    assert client.get(f"/corridor/duties/{address}").status_code == 404
