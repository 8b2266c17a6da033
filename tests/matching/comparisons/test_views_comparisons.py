import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from companies.models import Company
from corridor.models import Tariff
from matching import services, tasks
from matching.enums import Failure, RunState
from matching.models import Comparison, Match
from matching.services import one_step
from tests.matching.book import AS_OF
from tests.matching.comparisons.book import SCHEME, book
from tests.matching.comparisons.test_comparisons import _in_the_transaction_of_the_test, compared  # noqa: F401
from tests.matching.found import finished_run
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = person(Role.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def queued(monkeypatch):
    told = []
    monkeypatch.setattr(tasks.compare, "publish", lambda **facts: told.append(facts) or True)
    return told


def page(client, name: str, *arguments) -> str:
    response = client.get(reverse(f"matching:{name}", args=arguments))
    assert response.status_code == 200
    return response.content.decode()


def test_second_click_leads_to_the_comparison_that_is_under_way(
    client, officer, queued, django_capture_on_commit_callbacks
):
    book()

    with django_capture_on_commit_callbacks(execute=True):
        answers = [client.post(reverse("matching:comparison-start"), {"scheme": SCHEME}) for _click in range(2)]

    comparison = Comparison.objects.get()
    assert (comparison.asked_by, comparison.scheme) == (officer, SCHEME)
    assert [answer["Location"] for answer in answers] == [f"/comparisons/{comparison.pk}/"] * 2
    assert queued == [{"comparison_id": comparison.pk}]
    assert comparison.published_at
    assert "This comparison is under way already." in page(client, "comparison-detail", comparison.pk)


@pytest.mark.parametrize("sent", ["x" * 5000, "a\0b"])
def test_agreement_that_nobody_knows_is_refused_in_words(client, officer, queued, sent):
    book()

    answer = client.post(reverse("matching:comparison-start"), {"scheme": sent}, follow=True)

    assert "No duty of the reference names this agreement." in answer.content.decode()
    assert not Comparison.objects.exists()


def test_page_tells_the_pairs_with_their_listings_and_their_match(client, officer):
    needs, offered = book()
    match = Match.objects.create(need=needs["tight"], capacity=offered, first_run=finished_run())

    text = page(client, "comparison-detail", compared(asked_by=officer).pk)

    assert "Which pairs fit only with it?" in text
    for address in (
        reverse("companies:need-detail", args=[needs["tight"].pk]),
        reverse("companies:capacity-detail", args=[offered.pk]),
        reverse("matching:match-detail", args=[match.pk]),
    ):
        assert f'href="{address}"' in text
    assert "None, as it should be: lower duties close nothing." in text
    assert text.count('<span class="tm-ex">') == 6  # both companies of both pairs, and what their freight rests on
    assert "may still be above the limit" not in text
    assert needs["not duty paid"].company.name_registered not in text


def test_page_says_where_the_limit_may_still_be_passed(client, officer):
    book()
    Tariff.objects.update(preference_pct=None)

    text = page(client, "comparison-detail", compared().pk)

    assert text.count("may still be above the limit") == 1  # the tight one, not the wide one


def test_hidden_company_is_not_told_of(client, officer):
    needs, _offered = book()
    comparison = compared()
    Company.objects.filter(pk=needs["tight"].company_id).update(is_hidden=True)

    text = page(client, "comparison-detail", comparison.pk)

    assert needs["tight"].company.name_registered not in text
    assert "These listings are not shown any more" in text
    assert needs["wide"].company.name_registered in text


def test_progress_survives_leaving_the_page_and_is_quiet_where_nothing_changed(client, officer):
    book()
    comparison = services.start_comparison(scheme=SCHEME, as_of=AS_OF)
    Comparison.objects.filter(pk=comparison.pk).update(state=RunState.RUNNING, done=3, total=6)
    address = reverse("matching:comparison-progress", args=[comparison.pk])

    assert "Matched 3 of 6 needs" in page(client, "comparison-detail", comparison.pk)
    assert client.get(address, {"seen": "running-3-6"}).status_code == 204
    assert 'value="3"' in client.get(address, {"seen": "running-2-6"}).content.decode()


def test_failed_comparison_says_why_and_can_be_asked_for_again(client, officer):
    book()
    comparison = services.start_comparison(scheme=SCHEME, as_of=AS_OF)
    one_step.fail(Comparison, comparison.pk, Failure.TOO_LONG)

    text = page(client, "comparison-detail", comparison.pk)

    assert "Why did it stop?" in text
    assert f"For the administrator: comparison {comparison.pk}." in text
    assert f"Compare matches without and with {SCHEME}" in text


def test_list_tells_every_comparison_and_watches_the_one_under_way(client, officer):
    book()
    compared(asked_by=officer)
    under_way = services.start_comparison(scheme=SCHEME)

    text = page(client, "comparison-list")

    assert f"A comparison of {SCHEME} is under way." in text
    assert f'href="/comparisons/{under_way.pk}/"' in text
    assert "the terminal" in text
    assert "comparisons/start" not in text


def test_pages_cost_as_many_queries_for_many_rows_as_for_one(client, officer):
    book()
    comparison = compared()
    rows = comparison.rows
    page(client, "comparison-detail", comparison.pk)

    asked = []
    for kept in (rows[:1], rows):
        Comparison.objects.filter(pk=comparison.pk).update(rows=kept)
        with CaptureQueriesContext(connection) as caught:
            page(client, "comparison-detail", comparison.pk)
        asked.append(len(caught))

    assert len(rows) == 2
    assert asked[0] == asked[1]
