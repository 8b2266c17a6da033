"""The courses that vessels and trains usually take, as points to draw a leg through: drawn by hand, for maps alone.

Distances and days come from the legs themselves, never from here. A place that no course passes is joined in a
straight line.
"""

from functools import lru_cache
from heapq import heappop, heappush
from itertools import count, pairwise
from math import asin, atan2, cos, degrees, hypot, radians, sin, sqrt
from types import MappingProxyType

from corridor.enums import Mode

LatLon = tuple[float, float]

# Straits, capes and open waters: name, latitude, longitude.
WATERS: dict[str, LatLon] = {
    "Balikpapan roads": (-1.6, 117.1),
    "Makassar Strait south": (-4.3, 117.2),
    "Makassar Strait": (-0.4, 118.4),
    "Mangkalihat": (1.6, 119.5),
    "Celebes Sea": (3.9, 119.4),
    "Sibutu": (4.9, 119.75),
    "Sulu Sea": (8.5, 120.5),
    "Mindoro": (12.4, 120.2),
    "Luzon": (16.5, 118.9),
    "Bashi": (20.9, 118.9),
    "Taiwan Strait south": (23.4, 119.2),
    "Taiwan Strait north": (25.8, 120.9),
    "East China Sea": (28.6, 122.9),
    "Yangtze": (31.3, 122.8),
    "Yellow Sea": (34.3, 122.3),
    "Shandong": (37.5, 123.1),
    "Bohai Strait": (38.4, 121.0),
    "Jeju": (32.4, 126.2),
    "Korea Strait": (34.4, 129.0),
    "Sea of Japan": (38.5, 131.2),
    "Tarakan roads": (3.1, 118.3),
    "Bontang roads": (0.0, 118.0),
    "Laut": (-5.1, 116.2),
    "Java Sea east": (-5.6, 113.6),
    "Madura": (-6.6, 112.9),
    "Java Sea": (-5.3, 110.5),
    "Java Sea west": (-5.5, 107.5),
    "Banjarmasin roads": (-4.3, 114.4),
    "Sampit roads": (-3.5, 113.1),
    "Kumai roads": (-3.6, 111.6),
    "Karimata south": (-3.4, 108.9),
    "Karimata": (-1.2, 107.9),
    "Pontianak roads": (-0.3, 108.6),
    "Natuna south": (0.9, 105.3),
    "Horsburgh": (1.35, 104.5),
    "Natuna": (3.8, 106.9),
    "South China Sea": (9.5, 110.9),
    "Paracel": (15.5, 114.4),
    "Pratas": (20.4, 117.0),
    "Karimun": (1.15, 103.3),
    "Malacca Strait": (2.5, 101.6),
    "Malacca Strait north": (4.6, 99.2),
    "Sumatra": (6.0, 96.5),
    "Bay of Bengal": (6.1, 92.0),
    "Dondra": (5.4, 80.6),
    "Comorin": (7.4, 77.0),
    "Arabian Sea east": (13.0, 72.2),
    "Kathiawar": (20.6, 69.2),
    "Kutch": (22.5, 68.8),
    "Arabian Sea": (19.2, 66.1),
    "Gulf of Oman": (24.6, 59.2),
    "Jask": (25.2, 57.7),
    "Hormuz": (26.35, 56.75),
    "Minicoy": (8.0, 72.5),
    "Guardafui": (13.1, 51.8),
    "Gulf of Aden": (12.4, 46.0),
    "Bab el Mandeb": (12.7, 43.3),
    "Red Sea": (20.0, 38.6),
    "Red Sea north": (27.2, 34.6),
    "Suez": (29.6, 32.6),
    "Port Said": (31.6, 32.4),
    "Levant": (35.4, 33.9),
    "Cyprus west": (34.6, 31.2),
    "Rhodes": (35.8, 28.0),
    "Aegean": (38.2, 25.2),
    "Dardanelles": (40.1, 26.3),
    "Bosporus": (41.25, 29.15),
    "Black Sea": (42.4, 35.0),
    "Caspian north": (43.2, 50.6),
    "Caspian": (41.4, 50.7),
    "Absheron": (40.3, 50.6),
    "Turkmenbashi roads": (40.0, 52.2),
}
SEA_LANES = """
IDBPN, Balikpapan roads, Makassar Strait, Mangkalihat, Celebes Sea, Sibutu, Sulu Sea, Mindoro, Luzon, Bashi
Bashi, Taiwan Strait south, Taiwan Strait north, East China Sea, Yangtze, Yellow Sea, CNLYG
Yangtze, CNSHA
CNSHA, Yangtze
Yellow Sea, CNTAO
Yellow Sea, Shandong, Bohai Strait, CNTSN
East China Sea, Jeju, Korea Strait, Sea of Japan, RUVVO
Sea of Japan, RUVYP
IDTRK, Tarakan roads, Celebes Sea
Tarakan roads, Mangkalihat
IDBXT, Bontang roads, Makassar Strait
Bontang roads, Balikpapan roads
Balikpapan roads, Makassar Strait south, Java Sea east, Madura, IDSUB
Balikpapan roads, Laut, Java Sea, Java Sea west, IDTPP
IDMAK, Makassar Strait south, Makassar Strait
Java Sea east, Java Sea
Madura, Java Sea
IDBDJ, Banjarmasin roads, Java Sea east
IDSMQ, Sampit roads, Madura
IDKUM, Kumai roads, Madura
Java Sea, Karimata south
Java Sea west, Karimata south, Karimata, Natuna south, Horsburgh, SGSIN
Karimata, Natuna
IDPNK, Pontianak roads, Karimata
Natuna south, Natuna, South China Sea, Paracel, Pratas, Taiwan Strait south
Horsburgh, Natuna
SGSIN, Karimun, Malacca Strait, Malacca Strait north, Sumatra, Bay of Bengal, Dondra, Comorin, Arabian Sea east
MYTPP, Karimun
MYTPP, SGSIN
Arabian Sea east, Kathiawar, Kutch, INMUN
Arabian Sea east, Arabian Sea, Gulf of Oman, Jask, Hormuz, IRBND
Kutch, Gulf of Oman
Dondra, Minicoy, Guardafui, Gulf of Aden, Bab el Mandeb, Red Sea, Red Sea north, Suez, Port Said, Levant, TRMER
Port Said, Cyprus west, Rhodes, Aegean, Dardanelles, Bosporus, Black Sea, GEPTI
Black Sea, GEBUS
KZAAU, Caspian north, Caspian, Absheron, AZBAK
KZKUR, Caspian
TMKRW, Turkmenbashi roads, Absheron
Turkmenbashi roads, Caspian
"""
# Junctions and large stations on the way, which are no places of the corridor.
STATIONS: dict[str, LatLon] = {
    "Xuzhou": (34.27, 117.2),
    "Zhengzhou": (34.75, 113.65),
    "Jinan": (36.67, 117.0),
    "Nanjing": (32.1, 118.75),
    "Lanzhou": (36.06, 103.8),
    "Jiayuguan": (39.8, 98.3),
    "Hami": (42.8, 93.5),
    "Jinghe": (44.6, 82.9),
    "Beijing": (39.9, 116.4),
    "Baotou": (40.65, 109.8),
    "Ejina": (41.95, 101.1),
    "Shu": (43.6, 73.75),
    "Ushtobe": (45.25, 78.0),
    "Aktogay": (46.95, 79.7),
    "Ayagoz": (47.95, 80.4),
    "Mointy": (47.2, 73.35),
    "Ekibastuz": (51.7, 75.3),
    "Esil": (51.95, 66.4),
    "Kokshetau": (53.3, 69.4),
    "Tobol": (52.7, 62.6),
    "Kandyagash": (49.45, 57.4),
    "Makat": (47.65, 53.3),
    "Shalkar": (47.8, 59.6),
    "Aral": (46.8, 61.7),
    "Kyzylorda": (44.85, 65.5),
    "Bereket": (39.25, 55.5),
    "Tehran": (35.7, 51.4),
    "Yazd": (31.9, 54.4),
    "Sirjan": (29.4, 55.7),
    "Ganja": (40.7, 46.4),
    "Tbilisi": (41.7, 44.8),
    "Samtredia": (42.15, 42.35),
    "Kars": (40.6, 43.1),
    "Sivas": (39.75, 37.0),
    "Kayseri": (38.7, 35.5),
    "Barnaul": (53.35, 83.75),
    "Karasuk": (53.7, 78.0),
    "Omsk": (54.95, 73.4),
    "Krasnoyarsk": (56.0, 92.9),
    "Irkutsk": (52.3, 104.3),
    "Chita": (52.05, 113.5),
    "Belogorsk": (50.9, 128.5),
    "Khabarovsk": (48.5, 135.1),
    "Ussuriysk": (43.8, 131.95),
}
RAILWAYS = """
CNLYG, Xuzhou, Zhengzhou, CNXIA, Lanzhou, Jiayuguan, Hami, CNURM, Jinghe, CNHRS, X-KZ-ALT, KZALA
Jinghe, CNAKL, X-KZ-DOS, Aktogay
CNTAO, Jinan, Xuzhou
Jinan, Zhengzhou
CNSHA, Nanjing, Xuzhou
CNTSN, Beijing, Baotou, Ejina, Hami
KZALA, Shu, KZTAR, KZCIT, UZTAS
KZALA, Ushtobe, Aktogay, Ayagoz, KZPLX, Barnaul, RUOVB
Ayagoz, KZUKK, KZPLX, KZPWQ
Aktogay, KZBXH, Mointy, KZKGF, KZTAU
Shu, Mointy
KZKGF, X-KZ-AST, Ekibastuz, KZPWQ, X-KZ-AKS
X-KZ-AST, Esil, KZKSN, Tobol, KZKHR, KZAKX
X-KZ-AST, Kokshetau, KZPPK, Omsk, RUOVB
KZPWQ, Karasuk, RUOVB
KZAKX, Kandyagash, Makat, KZGUW
Makat, X-KZ-BEY, KZAAU, KZKUR
Kandyagash, Shalkar, X-KZ-BEY
Shalkar, Aral, Kyzylorda, KZCIT
KZAAU, KZUZE, X-KZ-BOL, Bereket, IRGBT, Tehran, Yazd, Sirjan, IRBND
KZUZE, Bereket
AZBAK, Ganja, Tbilisi, Samtredia, GEPTI
Samtredia, GEBUS
Tbilisi, Kars, Sivas, Kayseri, TRMER
RUVVO, Ussuriysk, Khabarovsk, Belogorsk, Chita, Irkutsk, Krasnoyarsk, RUOVB
RUVYP, Ussuriysk
"""
COURSES = {Mode.SEA: (SEA_LANES,), Mode.RAIL: (RAILWAYS,), Mode.RAIL_SEA: (SEA_LANES, RAILWAYS)}
NAMED = MappingProxyType(WATERS | STATIONS)
EARTH_KM = 6371
AIR_STEPS = 16  # of an arc through the air


def links(mode: str) -> list[tuple[str, str]]:
    """Which points follow each other on the courses of a mode."""
    found = []
    for courses in COURSES.get(mode, ()):
        for line in courses.strip().splitlines():
            names = [name.strip() for name in line.split(",")]
            found += pairwise(names)
    return found


@lru_cache(maxsize=1024)
def course(mode: str, start: tuple[str, LatLon], end: tuple[str, LatLon], places: frozenset) -> tuple[LatLon, ...]:
    """The points a leg is drawn through, both ends included.

    Args:
        start, end: code and position of the ends.
        places: code and position of every other place, which courses may pass.
    """
    if mode == Mode.AIR:
        return arc(start[1], end[1])
    known = {**NAMED, **dict(places), start[0]: start[1], end[0]: end[1]}
    on = shortest(links(mode), known, start[0], end[0])
    return tuple(known[name] for name in on) if on else (start[1], end[1])


def shortest(links: list[tuple[str, str]], known: dict[str, LatLon], start: str, end: str) -> list[str]:
    """The shortest way along links between known points; empty where there is none."""
    following: dict[str, list[str]] = {}
    for one, other in links:
        if one in known and other in known:
            following.setdefault(one, []).append(other)
            following.setdefault(other, []).append(one)
    tie, done = count(), set()
    heap = [(0.0, next(tie), [start])]
    while heap:
        km, _tie, way = heappop(heap)
        if way[-1] == end:
            return way
        if way[-1] in done:
            continue
        done.add(way[-1])
        for name in following.get(way[-1], ()):
            heappush(heap, (km + distance_km(known[way[-1]], known[name]), next(tie), [*way, name]))
    return []


def distance_km(one: LatLon, other: LatLon) -> float:
    """Over the globe, by the haversine formula."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, point)) for point in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def arc(one: LatLon, other: LatLon) -> tuple[LatLon, ...]:
    """The shortest way over the globe, in short steps."""
    ends = [on_sphere(point) for point in (one, other)]
    angle = distance_km(one, other) / EARTH_KM
    if angle == 0:
        return one, other
    found = []
    for step in range(AIR_STEPS + 1):
        share = step / AIR_STEPS
        weights = sin((1 - share) * angle) / sin(angle), sin(share * angle) / sin(angle)
        x, y, z = (weights[0] * a + weights[1] * b for a, b in zip(*ends, strict=True))
        found.append((degrees(atan2(z, hypot(x, y))), degrees(atan2(y, x))))
    return tuple(found)


def on_sphere(point: LatLon) -> tuple[float, float, float]:
    lat, lon = map(radians, point)
    return cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)
