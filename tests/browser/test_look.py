"""Every state of a page, looked at in both themes: nothing keeps anybody out, nothing sticks out, print has its paper.

And the pages as somebody goes through them, by their links: each is there, and the browser complains of none.
"""

from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.core.cache import cache
from django.urls import Resolver404, resolve

from accounts.enums import Role
from tests.browser.states import STATES, State, rows
from tests.browsing import barriers
from tests.people import person, sign_in_at

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
MOST_PAGES = 120
# What is no page: a file that is carried away, the end of the visit.
NOT_FOLLOWED = (
    "reports:matches",
    "reports:report-file",
    "corridor:quote-export",
    "companies:book-template",
    "account_logout",
)


def signed_in_page(new_page, client, live_server, state: State, **options):
    """A browser in which the person of the state has signed in."""
    page = new_page(reduced_motion="reduce", **options)
    if user := state.who():
        client.force_login(user)
        page.context.add_cookies(
            [{"name": name, "value": kept.value, "url": live_server.url} for name, kept in client.cookies.items()]
        )
    return page


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_state_of_a_page_keeps_nobody_out_in_light_and_dark(state, live_server, new_page, client, complaints):
    cache.clear()
    address = live_server.url + state.made()
    found = []

    for theme, width in (("light", 1280), ("dark", 390)):
        page = signed_in_page(new_page, client, live_server, state, width=width, color_scheme=theme)
        assert page.goto(address).status == state.status
        found += [f"{theme}, {width}: {finding}" for finding in barriers(page, impacts=None)]
        if page.evaluate(OVERFLOW) > 0:
            found.append(f"{theme}, {width}: {page.evaluate(OVERFLOW)} px too wide")

    assert found == []
    if state.status == 200:
        assert complaints == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["matches-one", "match", "what-if", "plan-rows", "home-rows-staff", "weights"])
def test_print_is_light_and_without_the_frame(name, live_server, new_page, client):
    cache.clear()
    state = next(state for state in STATES if state.name == name)
    page = signed_in_page(new_page, client, live_server, state, color_scheme="dark")
    page.goto(live_server.url + state.made())

    page.emulate_media(media="print", color_scheme="dark")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(10, 36, 51)"
    assert [page.is_visible(part) for part in (".tm-id", ".tm-head", ".tm-foot", ".tm-acts")] == [False] * 4


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_following_every_kind_of_link_meets_no_refusal_of_the_browser(live_server, new_page, complaints):
    cache.clear()
    rows(2, "/")()
    page, staff = new_page(), person(Role.STAFF)
    sign_in_at(page, live_server.url, staff)
    page.wait_for_url(f"{live_server.url}/")

    seen, waiting, refused = {}, ["/"], []
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        name = name_of(address)
        if name is None or name in seen:
            continue
        answer = page.goto(live_server.url + address)
        seen[name] = address
        if answer.status != 200:
            refused.append(f"{address}: {answer.status}")
            continue
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
        waiting += [path for link in links if (path := path_of(link, page.url))]

    assert (refused, complaints) == ([], [])
    assert len(seen) > 30
    assert {"desk:home", "matching:match-list", "matching:match-detail", "matching:plan"} <= seen.keys()


def path_of(link: str, here: str) -> str | None:
    """The address within the product that a link leads to."""
    there = urlsplit(urldefrag(urljoin(here, link)).url)
    is_ours = there.scheme in ("http", "https") and there.netloc == urlsplit(here).netloc
    return (there.path + (f"?{there.query}" if there.query else "")) if is_ours else None


def name_of(address: str) -> str | None:
    """The name of the page, of which one address is enough; nothing for what is no page."""
    try:
        name = resolve(urlsplit(address).path).view_name
    except Resolver404:
        return address  # a link into nothing is followed, and told
    return None if name.startswith(NOT_FOLLOWED) else name
