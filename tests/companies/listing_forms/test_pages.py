"""The pages of a new and of a changed listing: two steps, nothing lost, one listing for one page."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.enums import Role
from commodities.enums import NodeKind
from commodities.finding import Found, find_commodity
from commodities.finding.index import index_catalogue
from companies.addresses import listing_address
from companies.enums import CompanyStatus
from companies.forms.listings import goods
from companies.models import Capacity, Company, Need, NeedParameter
from companies.services.locking import version
from tests.companies.factories import CapacityFactory, CompanyFactory, NeedFactory, StandInFactory
from tests.companies.pages import errors_of, words_of
from tests.factories import (
    CommodityFactory,
    CommodityGroupFactory,
    CommodityParameterFactory,
    HeadingFactory,
    ParameterFactory,
    PlaceFactory,
    below,
)
from tests.people import member_of, person

pytestmark = pytest.mark.django_db


def subheading(code: str, name: str):
    return HeadingFactory(code=code, hs_code=code, kind=NodeKind.SUBHEADING, name_en=name)


@pytest.fixture
def catalogue():
    """Some goods that the finder knows, with what is compared of them."""
    olein = CommodityFactory(
        **below(subheading("151190", "Palm oil, refined"), 1),
        code="olein",
        hs_code="151190",
        name_en="RBD palm olein",
        name_id="Minyak goreng curah",
        name_ru="Пальмовый олеин",
        name_kk="Пальма олеині",
    )
    shrimp = CommodityFactory(
        **below(subheading("030617", "Crustaceans; other shrimps and prawns, frozen"), 1),
        code="shrimp",
        hs_code="030617",
        name_en="Frozen shrimp",
        name_ru="Креветка мороженая",
        sector="fisheries",
        temp_max_c=Decimal(-18),
        box20_kg=11_000,
    )
    CommodityGroupFactory(code="oils", name_en="Palm oils", members=[olein])
    ffa = ParameterFactory(key="ffa", name_en="Free fatty acid (FFA)")
    CommodityParameterFactory(commodity=olein, parameter=ffa, limit_max=Decimal("0.1"), standard="PORAM")
    size = ParameterFactory(key="size", unit="pcs/lb", name_en="Size")
    CommodityParameterFactory(
        commodity=shrimp, parameter=size, kind="choice", rule="enum", limit_max=None, values=["16/20", "31/40"]
    )
    index_catalogue()
    return {"olein": olein, "shrimp": shrimp, "ffa": f"p{ffa.pk}", "size": f"p{size.pk}"}


@pytest.fixture
def buyer(client) -> Company:
    company = CompanyFactory(country="KZ", place=PlaceFactory(country="KZ", code="KZALA", name_en="Almaty"))
    client.force_login(member_of(company))
    return company


@pytest.fixture
def seller(client) -> Company:
    company = CompanyFactory(place=PlaceFactory(code="IDBPN", name_en="Balikpapan", roles=["sea_port"]))
    client.force_login(member_of(company))
    return company


def new(company: Company, kind: str = "needs") -> str:
    return f"/companies/{company.pk}/{kind}/new/"


def sent_back(response, **typed) -> dict:
    """What a browser sends back from the form of a page, with what is typed and ticked."""
    form = response.context["form"]
    sent = {}
    for bound in form:
        value = bound.value()
        if value not in (None, ""):
            sent[bound.html_name] = (
                [bound.field.prepare_value(one) for one in value] if isinstance(value, list) else value
            )
    sent = {name: str(value) if isinstance(value, dt.date) else value for name, value in sent.items()}
    return {"do": "save"} | sent | typed


def read(client, company: Company, text: str, kind: str = "needs"):
    return client.post(new(company, kind), {"do": "words", "own_words": text})


def test_a_price_that_was_read_is_told_with_its_currency_and_unit(client, buyer, catalogue):
    page = read(client, buyer, "RBD palm olein 40 t a month, up to USD 985 per tonne")

    price = next(line for line in page.context["form"].understood if line.anchor == "id_price")
    assert " ".join(price.said) == "985 USD/t"


def test_a_need_is_saved_in_two_steps_from_ones_own_words(client, buyer, catalogue):
    words = "RBD palm olein 40 t a month, FFA max 0.1 %, DAP Almaty"

    page = read(client, buyer, words)
    saved = client.post(new(buyer), sent_back(page))

    need = Need.objects.get()
    assert (page.status_code, saved.status_code, saved.url) == (200, 302, listing_address(need))
    assert [one.commodity for one in need.accepted.all()] == [catalogue["olein"]]
    assert (need.quantity_kg, need.period, need.incoterm, need.destination, need.named_place) == (
        40_000,
        "monthly",
        "DAP",
        buyer.place,
        buyer.place,
    )
    assert (need.own_words, need.language) == (words, "en")
    assert need.valid_until == timezone.localdate() + dt.timedelta(days=90)
    assert list(NeedParameter.objects.values_list("low", "high")) == [(None, Decimal("0.1"))]


def test_the_form_says_from_which_words_it_is_filled_and_what_it_did_not_understand(client, buyer, catalogue):
    shown = words_of(read(client, buyer, "RBD palm olein 40 t a month xyzzy"))

    assert "Read from <q>40 t</q>" in shown
    assert "40 t = 40,000 kg" in shown
    assert "Not understood; it stays in your words<small><q>xyzzy</q>" in shown
    assert "fits your words well" in shown
    assert Need.objects.count() == 0


def test_words_that_can_be_read_in_two_ways_are_asked_and_the_answer_fills_the_form(client, seller, catalogue):
    page = read(client, seller, "RBD palm olein 40 t once, USD 1.050/t", "capacities")
    unanswered = client.post(new(seller, "capacities"), sent_back(page))
    answered = client.post(new(seller, "capacities"), sent_back(page, ask_price="0"))

    assert [option[1].replace("\xa0", " ") for option in page.context["form"].asked["price"].options] == [
        "1,050 USD/t",
        "1.05 USD/t",
    ]
    assert errors_of(unanswered) == {
        "price": ["“USD 1.050/t” can be read in several ways. Choose one, or fill in the field."]
    }
    assert answered.status_code == 302
    assert Capacity.objects.values_list("price_amount", "price_currency", "price_unit").get() == (1050, "USD", "t")


def test_a_question_is_answered_by_typing_too(client, seller, catalogue):
    page = read(client, seller, "RBD palm olein 40 t once, USD 1.050/t", "capacities")

    saved = client.post(new(seller, "capacities"), sent_back(page, price="990", currency="USD", price_unit="t"))

    assert saved.status_code == 302
    assert Capacity.objects.get().price_amount == 990


def test_what_is_said_by_the_week_is_converted_only_when_the_person_says_so(client, seller, catalogue):
    page = read(client, seller, "RBD palm olein 500 kg a week", "capacities")

    client.post(new(seller, "capacities"), sent_back(page, ask_quantity="0"))

    assert Capacity.objects.values_list("quantity_typed", "quantity_unit", "period").get() == (2166, "kg", "monthly")


def test_nothing_typed_is_lost_when_the_form_is_refused(client, buyer, catalogue):
    typed = {"do": "save", "own_words": "olein", "quantity": "1.290", "unit": "t", "window_from": "31.02.2027"}

    page = client.post(new(buyer), typed | {"price": "lots", "offered": "olein~90", "commodities": ["olein"]})

    shown = words_of(page)
    assert page.status_code == 400
    assert {"quantity", "period", "window_from", "window_until", "price", "destination", "valid_until"} == set(
        errors_of(page)
    )
    for kept in ('value="1.290"', 'value="31.02.2027"', 'value="lots"', "> olein</textarea>"):
        assert kept in shown
    assert re.search(r'value="olein"[^>]*checked', shown)
    assert Need.objects.count() == 0


def test_a_price_above_what_goods_cost_is_refused_at_its_field_and_stays_there(client, seller, catalogue):
    page = read(client, seller, "RBD palm olein 40 t once", "capacities")

    typed = {"price": "999999999999", "currency": "USD", "price_unit": "kg"}
    refused = client.post(new(seller, "capacities"), sent_back(page, **typed))
    too_long = client.post(new(seller, "capacities"), sent_back(page, **typed | {"price": "1000000000000"}))

    (said,) = errors_of(refused)["price"]
    assert said.startswith("At most 50,000,000 USD/kg is taken as a price")
    assert errors_of(too_long)["price"] == ["1,000,000,000,000 is too large. Write 999,999,999,999 or less."]
    assert (refused.status_code, too_long.status_code) == (400, 400)
    assert (list(errors_of(refused)), list(errors_of(too_long))) == (["price"], ["price"])
    assert 'value="999999999999"' in words_of(refused)
    assert Capacity.objects.count() == 0


def test_looking_again_for_goods_keeps_what_was_typed_and_says_nothing_is_wrong(client, buyer, catalogue):
    page = read(client, buyer, "40 t a month")

    looked = client.post(new(buyer), sent_back(page, do="look", look="креветка", quantity="41"))
    by_enter = client.post(new(buyer), sent_back(page, look="креветка", quantity="41"))
    nothing = client.post(new(buyer), sent_back(page, do="look", look="qwrtzp"))

    form = looked.context["form"]
    assert [choice.value for choice in form.choices][:1] == ["shrimp"]
    assert (form["quantity"].value(), form.errors, looked.status_code) == ("41", {}, 200)
    assert [choice.value for choice in by_enter.context["form"].choices] == [one.value for one in form.choices]
    assert "We found no goods for “qwrtzp”." in words_of(nothing)


def test_other_goods_show_their_own_fields_filled_from_the_same_words(client, buyer, catalogue):
    page = read(client, buyer, "shrimp or olein 31/40, FFA 0.1 %, 40 t once")
    typed = sent_back(page, do="goods", offered="olein~90 shrimp~80")

    olein = client.post(new(buyer), typed | {"commodities": ["olein"]}).context["form"]
    shrimp = client.post(new(buyer), typed | {"commodities": ["shrimp"]}).context["form"]

    assert olein[f"{catalogue['ffa']}_high"].value() == "0.1"
    assert shrimp[f"{catalogue['size']}_values"].value() == ["31/40"]
    assert "weight_basis" in shrimp.fields
    assert "weight_basis" not in olein.fields


def test_fish_asks_for_net_or_glazed_weight(client, seller, catalogue):
    page = read(client, seller, "Frozen shrimp 1000 kg once", "capacities")
    unsaid = client.post(new(seller, "capacities"), sent_back(page))
    glazed = client.post(
        new(seller, "capacities"), sent_back(page, weight_basis="glazed", glaze_percent="20"), follow=True
    )

    assert errors_of(unsaid) == {"weight_basis": ["Say whether the quantity is net weight or weight with glaze."]}
    assert Capacity.objects.get().quantity_kg == 800
    assert "1,000 kg with 20% glaze = 800 kg net, rounded down to the kilogram" in words_of(glazed)


def test_boxes_weigh_what_is_usual_and_wagons_what_the_person_says(client, seller, catalogue):
    page = read(client, seller, "Frozen shrimp 2 x 20' reefer once, net weight", "capacities")
    as_wagons = client.post(new(seller, "capacities"), sent_back(page, unit="wagon"))

    assert "usual one: 11,000 kg" in words_of(page)
    assert errors_of(as_wagons) == {"unit_kg": ["Nobody here knows what one of them weighs. Say it in kilograms."]}
    client.post(new(seller, "capacities"), sent_back(page, unit="wagon", unit_kg="60000"))
    assert Capacity.objects.get().quantity_kg == 120_000


def test_one_page_makes_one_listing_however_often_it_is_sent(client, buyer, catalogue):
    typed = sent_back(read(client, buyer, "RBD palm olein 40 t once"))

    first, second = client.post(new(buyer), typed), client.post(new(buyer), typed)

    assert first.url == second.url
    assert Need.objects.count() == 1


def test_a_need_takes_groups_and_headings_a_capacity_one_kind_of_goods(client, seller, catalogue):
    CommodityFactory(code="1511", kind=NodeKind.HEADING, hs_code="1511", name_en="Palm oil and its fractions")

    need = read(client, seller, "RBD palm olein 40 t once").context["form"]
    capacity = read(client, seller, "RBD palm olein 40 t once", "capacities").context["form"]
    forged = client.post(
        new(seller, "capacities"),
        sent_back(read(client, seller, "RBD palm olein 40 t once", "capacities"), commodity="1511"),
    )

    assert {"olein", "group/oils", "1511"} <= {choice.value for choice in need.choices}
    assert [choice.value for choice in capacity.choices] == ["olein", "151190"]
    assert errors_of(forged) == {"commodity": ["1511 is no choice here."]}


def test_words_are_asked_for_and_at_most_two_thousand_letters_of_them(client, buyer, catalogue):
    none = read(client, buyer, "  ")
    many = read(client, buyer, "olein " * 400)

    assert (none.status_code, errors_of(none)) == (400, {"own_words": ["Fill this in."]})
    assert many.status_code == 400
    assert list(errors_of(many)) == ["own_words"]


def test_the_form_comes_without_words_too_and_back_to_them(client, buyer, catalogue):
    blank = client.get(f"{new(buyer)}?blank")
    back = client.post(new(buyer), {"do": "back", "own_words": "olein 5 t"})

    assert blank.context["form"]["destination"].value() == buyer.place_id
    assert ">\nolein 5 t</textarea>" in back.content.decode()


@pytest.mark.parametrize("forged", ["\x00", "a\x00b", "~", "group/", "x~99999999999999999999", "9" * 5000, "²"])
def test_what_no_browser_sends_is_refused_in_words(client, buyer, catalogue, forged):
    names = ("offered", "look", "looked", "commodities", "destination", "sent_as", "made_from", "ask_price", "quantity")
    sent = {"own_words": "olein 40 t, USD 1.050/t", "reads": "1"} | dict.fromkeys(names, forged)

    answers = [client.post(new(buyer), sent | {"do": do}).status_code for do in ("goods", "look", "back")]
    saved = client.post(new(buyer), sent | {"do": "save", "look": ""})

    assert (answers, saved.status_code) == ([200, 200, 200], 400)


def test_a_listing_is_copied_with_its_facts_under_a_number_of_its_own(client, buyer, catalogue):
    old = NeedFactory(company=buyer, commodity=catalogue["olein"], price_amount=900, price_currency="USD",
                      price_unit="t", price_basis="all_in", smallest_share_kg=5_000)  # fmt: skip
    foreign = NeedFactory()

    page = client.get(f"{new(buyer)}?copy={old.pk}")
    client.post(new(buyer), sent_back(page))

    copy = Need.objects.exclude(pk__in=[old.pk, foreign.pk]).get()
    assert (copy.quantity_kg, copy.price_amount, copy.price_basis, copy.smallest_share_kg, copy.made_from) == (
        20_000,
        900,
        "all_in",
        5_000,
        old,
    )
    assert copy.reference != old.reference
    for address in (foreign.pk, "x", "9" * 30, "9" * 5000, ""):
        assert client.get(f"{new(buyer)}?copy={address}").status_code == 404


def test_editing_begins_with_what_is_stored_and_keeps_the_rest(client, seller, catalogue):
    capacity = CapacityFactory(company=seller, commodity=catalogue["olein"], lot_kg=20_000, place=seller.place)
    address = f"/capacities/{capacity.pk}/edit/"

    page = client.get(address)
    saved = client.post(address, sent_back(page, quantity="120", valid_until=str(timezone.localdate())))

    capacity.refresh_from_db()
    assert (saved.status_code, saved.url) == (302, listing_address(capacity))
    assert (capacity.quantity_kg, capacity.lot_kg, capacity.period) == (120_000, 20_000, "monthly")


def test_editing_shows_what_somebody_else_stored_meanwhile_beside_what_was_typed(client, buyer, catalogue):
    need = NeedFactory(company=buyer, commodity=catalogue["olein"])
    address = f"/needs/{need.pk}/edit/"
    typed = sent_back(client.get(address), quantity="77", valid_until=str(timezone.localdate()))
    need.quantity_typed, need.quantity_kg = 33, 33_000
    need.save()

    stale = client.post(address, typed)
    again = client.post(address, typed | {"seen_at": stale.context["form"]["seen_at"].value()})

    assert stale.status_code == 400
    assert "Stored now: 33" in words_of(stale)
    assert 'value="77"' in words_of(stale)
    assert again.status_code == 302
    assert Need.objects.get(pk=need.pk).quantity_kg == 77_000


def test_what_has_ended_is_not_edited(client, buyer):
    need = NeedFactory(company=buyer, status="closed")

    answer = client.get(f"/needs/{need.pk}/edit/", follow=True)

    assert answer.redirect_chain[0][0] == f"/needs/{need.pk}/"
    assert "is not open: it is closed" in words_of(answer)


@pytest.mark.parametrize("kind", ["needs", "capacities"])
def test_only_those_who_act_for_the_company_open_and_edit(client, buyer, kind):
    listing = NeedFactory(company=buyer) if kind == "needs" else CapacityFactory(company=buyer)
    addresses = (new(buyer, kind), f"/{kind}/{listing.pk}/edit/")
    stand_in = StandInFactory(company=buyer, user=person(Role.STAFF, email="in@example.test"))

    seen = {}
    for name, user in {
        "member": member_of(buyer),
        "other": member_of(CompanyFactory()),
        "staff": person(Role.STAFF),
        "officer": person(Role.OFFICER),
        "stand-in": stand_in.user,
    }.items():
        client.force_login(user)
        seen[name] = [client.get(address).status_code for address in addresses]

    assert seen == {
        "member": [200, 200],
        "other": [404, 404],
        "staff": [404, 404],
        "officer": [404, 404],
        "stand-in": [200, 200],
    }


def test_a_company_not_let_in_yet_saves_and_is_told_that_it_waits_a_suspended_one_is_refused(client, buyer, catalogue):
    buyer.status = CompanyStatus.DRAFT
    buyer.save()
    told = client.post(new(buyer), sent_back(read(client, buyer, "RBD palm olein 40 t once")), follow=True)
    buyer.status = CompanyStatus.SUSPENDED
    buyer.save()
    refused = client.post(new(buyer), {"do": "words", "own_words": "olein"}, follow=True)

    assert "It takes part once the company is verified." in words_of(told)
    assert "is suspended" in words_of(refused)
    assert Need.objects.count() == 1


def test_the_second_step_costs_a_bounded_number_of_queries(client, buyer, catalogue, django_assert_max_num_queries):
    read(client, buyer, "olein 40 t")
    CommodityGroupFactory(name_en="Olein and more", members=[CommodityFactory(name_en=f"Olein {n}") for n in range(5)])
    cache.clear()

    with django_assert_max_num_queries(30):
        page = read(client, buyer, "RBD palm olein 40 t a month, FFA 0.1 %, DAP Almaty, LC at sight")
    with django_assert_max_num_queries(20):
        client.post(new(buyer), sent_back(page, quantity=""))


def test_version_of_a_listing_is_what_editing_sends(client, buyer, catalogue):
    need = NeedFactory(company=buyer, commodity=catalogue["olein"])

    assert client.get(f"/needs/{need.pk}/edit/").context["form"]["seen_at"].value() == version(need)


def test_goods_named_first_stand_first_although_the_words_after_them_name_others(catalogue, monkeypatch):
    found = {text: find_commodity(text) for text in ("RBD palm olein", "Frozen shrimp")}
    unsure = Found(found["Frozen shrimp"].suggestions, is_sure=False)
    monkeypatch.setattr(goods, "find_commodity", lambda text, limit: found.get(text, unsure))

    suggested = goods.suggested("RBD palm olein shrimp grade", for_need=False)

    assert (suggested.offered[0].value, suggested.sure) == ("olein", "")


def test_words_that_name_no_goods_suggest_nothing(catalogue):
    assert goods.suggested("xyzzy plugh qwerty foo", for_need=True) == goods.Suggested()
