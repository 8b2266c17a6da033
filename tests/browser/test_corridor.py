"""A leg is closed, and everything that went over it looks for another way. TM_SHOTS=DIR keeps pictures."""

import os
import re
from pathlib import Path

import pytest

from accounts.enums import Role
from tests.browsing import barriers
from tests.factories import (
    ClassEquipmentFactory,
    CommodityFactory,
    FreightQuoteFactory,
    LegEquipmentFactory,
    LegFactory,
    PlaceFactory,
)
from tests.people import person, sign_in_at

pytestmark = pytest.mark.django_db(transaction=True)
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LANE = "/corridor/?origin=IDBPN&destination=KZALA&goods=plywood"
PLACES = {
    "IDBPN": ("Balikpapan (Semayang)", -1.2675, 116.83, ["sea_port"]),
    "CNLYG": ("Lianyungang", 34.73, 119.45, ["sea_port"]),
    "CNTAO": ("Qingdao", 36.06, 120.38, ["sea_port"]),
    "KZALA": ("Almaty", 43.25, 76.91, ["city"]),
    "IRBND": ("Bandar Abbas", 27.18, 56.28, ["sea_port"]),
}


def corridor() -> dict:
    """Over Lianyungang at little cost, over Qingdao dearer and slower; every quote is there."""
    ClassEquipmentFactory()
    CommodityFactory(code="plywood", name_en="Plywood", transport_class="dry_container")
    places = {
        code: PlaceFactory(code=code, name_en=name, country=code[:2], lat=lat, lon=lon, roles=roles)
        for code, (name, lat, lon, roles) in PLACES.items()
    }
    legs = {}
    for code, (origin, destination, mode, days, usd) in {
        "L020": ("IDBPN", "CNLYG", "sea", 14, 800),
        "L021": ("IDBPN", "CNTAO", "sea", 15, 900),
        "L065": ("CNLYG", "KZALA", "rail", 12, 2200),
        "L066": ("CNTAO", "KZALA", "rail", 25, 2400),
    }.items():
        legs[code] = LegFactory(
            code=code,
            origin=places[origin],
            destination=places[destination],
            mode=mode,
            transit_days_low=days - 4,
            transit_days_high=days,
            distance_km=4500,
        )
        LegEquipmentFactory(leg=legs[code])
        FreightQuoteFactory(leg=legs[code], amount=usd)
    LegFactory(
        code="L118", origin=places["IRBND"], destination=places["KZALA"], status="disrupted", note="Closed strait"
    )
    for place in places.values():
        FreightQuoteFactory(at=place, amount=100)
    return legs


def look(page, name: str) -> None:
    """Nothing keeps anybody out, and nothing sticks out to the right, on an office computer and on a phone."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        if folder := os.environ.get("TM_SHOTS"):
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        assert barriers(page, impacts=None) == []
        assert page.evaluate(OVERFLOW) == 0
    page.set_viewport_size({"width": 1280, "height": 844})


def on_the_map(page) -> list[str]:
    """The legs of the routes, as a keyboard meets them on the map."""
    return [link.get_attribute("aria-label") for link in page.locator("svg.tm-map a[aria-label]").all()]


def test_leg_that_staff_close_leaves_the_map_and_the_lane_goes_another_way(live_server, page, complaints):
    legs = corridor()
    sign_in_at(page, live_server.url, person(Role.STAFF))

    page.goto(live_server.url + "/corridor/")
    look(page, "corridor")
    page.select_option("#id_origin", "IDBPN")
    page.select_option("#id_goods", "plywood")
    page.get_by_role("button", name="Show the routes").click()
    page.wait_for_url("**goods=plywood**")
    look(page, "lane")
    before = on_the_map(page)

    page.goto(f"{live_server.url}/corridor/legs/{legs['L065'].pk}/")
    look(page, "leg")
    page.fill("#id_reason", "The line is under water since last night")
    page.get_by_role("button", name="Switch the leg").click()
    page.get_by_text("The leg is closed on these days.").wait_for()
    look(page, "leg-closed")

    page.goto(live_server.url + LANE)
    look(page, "lane-after")
    page.locator("svg.tm-map a[aria-label]").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/corridor/legs/\d+/$"))

    assert before == [
        "Lianyungang to Almaty, rail, 8–12 days, open",
        "Balikpapan (Semayang) to Lianyungang, sea, 10–14 days, open",
    ]
    page.go_back()
    assert on_the_map(page) == [
        "Qingdao to Almaty, rail, 21–25 days, open",
        "Balikpapan (Semayang) to Qingdao, sea, 11–15 days, open",
    ]
    assert page.locator("#shut").get_by_text("The line is under water since last night").count() == 1
    assert page.locator("svg.tm-map .tm-mp-rail.shut").count() == 2
    assert complaints == []
