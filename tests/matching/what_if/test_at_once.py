"""Quantity, days and weights that are taken to be otherwise, and the answer that comes while somebody types."""

import pytest

from accounts.enums import Role
from matching.engine import COMPONENTS
from matching.models import MatchResult
from tests.factories import CommodityFactory
from tests.matching.book import STARTING_WEIGHTS, capacity, need
from tests.matching.found import finished_run, found
from tests.matching.ways_there import ways_there
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def result(client) -> MatchResult:
    """100 t wanted from March to May, 500 t offered from January to June."""
    ways_there()
    goods = CommodityFactory()
    client.force_login(person(Role.STAFF))
    return found(finished_run(), need(goods, incoterm="CPT"), capacity(goods))


def asked(client, result, query: str, **headers):
    return client.get(f"/matches/{result.match_id}/what-if/?{query}", headers=headers)


def parts(response) -> dict[str, tuple]:
    return {
        part.component: (part.points_ppm, part.would_ppm)
        for part in response.context["compared"].parts
        if part.is_other
    }


def test_a_smaller_offer_moves_less_of_what_is_wanted(client, result):
    response = asked(client, result, "offers=40")

    assert parts(response) == {"quantity": (150_000, 60_000)}
    assert response.context["compared"].score_apart_ppm == -90_000


def test_a_larger_need_is_met_by_a_smaller_share(client, result):
    assert parts(asked(client, result, "wants=1000")) == {"quantity": (150_000, 75_000)}


def test_a_later_last_day_gives_more_freedom(client, result):
    now = asked(client, result, "window_from=2027-05-20").context["compared"]

    assert now.outcome.components["time"] == 1.0
    assert now.would.components["time"] < 1.0


def test_days_that_do_not_meet_fail_the_time_rule(client, result):
    compared = asked(client, result, "available_from=2027-06-10").context["compared"]

    assert compared.would.verdicts["time"] == -1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("available_from=2027-07-01", "available_from"),
        ("window_until=2027-02-01", "window_until"),
        ("available_from=2027-05-01&available_until=2027-04-01", "available_until"),
        ("offers=x", "offers"),
        ("weight_price=101", "weight_price"),
        ("weight_price=60&weight_trust=50", "weight_price"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(client, result, query, field):
    response = asked(client, result, query)

    assert (response.status_code, list(response.context["form"].errors)) == (400, [field])


def test_other_weights_share_the_rest_in_their_proportion(client, result):
    response = asked(client, result, "weight_price=65")

    weights = response.context["form"].table.weights
    wanted = [0.65 if name == "price" else STARTING_WEIGHTS[name] / 2 for name in COMPONENTS]
    assert weights == pytest.approx(wanted)
    compared = response.context["compared"]
    assert compared.would.components == compared.outcome.components
    assert compared.would.score == pytest.approx(
        sum(weight * compared.outcome.components[name] for name, weight in zip(COMPONENTS, wanted, strict=True))
    )


def test_all_weight_on_one_part_makes_it_the_score(client, result):
    response = asked(client, result, "weight_quantity=100")

    assert response.context["compared"].would_score_ppm == 1_000_000


def test_weights_that_leave_no_room_for_the_rest_are_refused(client, result):
    every = "&".join(f"weight_{name}=10" for name in COMPONENTS)

    response = asked(client, result, every)

    assert response.context["form"].errors == {"weight_price": ["Together the weights are 100: these are 70."]}


def test_while_somebody_types_the_answer_comes_alone(client, result):
    response = asked(client, result, "offers=40&wants=&route=", **{"HX-Request": "true"})

    page = response.content.decode()
    assert response.status_code == 200
    assert "<h1" not in page
    assert 'id="score-now"' in page
    assert "9.0 less" in page
    assert "flips" not in response.context
    assert response["HX-Replace-Url"] == f"/matches/{result.match_id}/what-if/?offers=40"


def test_half_typed_figures_are_told_in_the_answer(client, result):
    response = asked(client, result, "offers=4x", **{"HX-Request": "true"})

    assert (response.status_code, response.context["compared"]) == (200, None)
    assert 'href="#id_offers"' in response.content.decode()
