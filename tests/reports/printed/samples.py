"""Documents to print, made by hand: a brief as long as real ones are, a wide table, and every block there is.

Their words are in four languages, as the catalogues say them; companies and figures are invented.
"""

from reports.document import (
    Bars,
    Column,
    Facts,
    Flows,
    Heading,
    Kind,
    Line,
    Questions,
    Score,
    Side,
    Sides,
    Signing,
    Step,
    Table,
    TableOf,
    Text,
    Verdict,
    Verdicts,
    Waterfall,
    Words,
)
from reports.frozen import Frozen
from tests.reports.frozen import frozen


def said(id: str, en: str, ru: str, kk: str) -> Text:
    return {"id": id, "en": en, "ru": ru, "kk": kk}


PASS = said("lolos", "pass", "подходит", "сәйкес")
UNKNOWN = said("belum diketahui", "not known", "неизвестно", "белгісіз")
FAIL = said("tidak lolos", "fail", "не подходит", "сәйкес емес")
NEED = said("Kebutuhan", "Need", "Потребность", "Қажеттілік")
CAPACITY = said("Kapasitas", "Capacity", "Предложение", "Ұсыныс")
OLEIN = said("Olein sawit RBD", "RBD palm olein", "Олеин пальмовый РДО", "РДО пальма олеині")
CHECKED = said("Dokumen diperiksa", "Documents checked", "Документы проверены", "Құжаттары тексерілген")

RULES = (
    (said("Barang", "Goods", "Товар", "Тауар"), OLEIN, OLEIN, "pass", PASS),
    (
        said("Spesifikasi", "Specification", "Спецификация", "Техникалық сипаттама"),
        said(
            "FFA maks. 0,10%; IV min. 56", "FFA up to 0.10%; IV from 56", "FFA до 0,10 %; IV от 56", "FFA 0,10 % дейін"
        ),
        said("FFA maks. 0,08%; IV 56–59", "FFA up to 0.08%; IV 56–59", "FFA до 0,08 %; IV 56–59", "FFA 0,08 % дейін"),
        "pass",
        PASS,
    ),
    (
        said("Sertifikat", "Certificates", "Сертификаты", "Сертификаттар"),
        said("Halal, deklarasi EAC", "Halal, EAC declaration", "Халал, декларация ЕАЭС", "Халал, ЕАЭО декларациясы"),
        said(
            "Halal s.d. 03.2028; EAC belum diperiksa",
            "Halal until 03.2028; EAC not checked",
            "Халал до 03.2028; ЕАЭС не проверена",
            "Халал 03.2028 дейін; ЕАЭО тексерілмеген",
        ),
        "unknown",
        UNKNOWN,
    ),
    (
        said("Waktu", "Time", "Сроки", "Мерзімі"),
        said("10–31 Jan 2027", "10–31 Jan 2027", "10–31 янв. 2027 г.", "2027 ж. 10–31 қаң."),
        said("4–16 Jan 2027", "4–16 Jan 2027", "4–16 янв. 2027 г.", "2027 ж. 4–16 қаң."),
        "pass",
        PASS,
    ),
    (
        said("Kuantitas", "Quantity", "Количество", "Мөлшері"),
        said("63 t per bulan", "63 t a month", "63 т в месяц", "айына 63 т"),
        said("252 t per bulan, lot 21 t", "252 t a month, lots of 21 t", "252 т в месяц, партия 21 т", "айына 252 т"),
        "pass",
        PASS,
    ),
    (
        said("Harga", "Price", "Цена", "Бағасы"),
        said("batas 1.290 USD/t", "limit 1,290 USD/t", "предел 1\u00a0290 USD/т", "шегі 1\u00a0290 USD/т"),
        said("1.208 USD/t", "1,208 USD/t", "1\u00a0208 USD/т", "1\u00a0208 USD/т"),
        "pass",
        PASS,
    ),
    (
        said("Pembayaran", "Payment", "Оплата", "Төлем"),
        said("L/C atau 30 hari", "L/C or 30 days", "аккредитив или 30 дней", "аккредитив немесе 30 күн"),
        UNKNOWN,
        "unknown",
        UNKNOWN,
    ),
    (
        said("Angkutan", "Transport", "Перевозка", "Тасымал"),
        said(
            "flexitank atau kontainer 20 kaki", "flexitank or 20-foot container", "флекситанк, 20 футов", "флекситанк"
        ),
        said("flexitank", "flexitank", "флекситанк", "флекситанк"),
        "pass",
        PASS,
    ),
    (
        said("Syarat penyerahan", "Delivery term", "Условие поставки", "Жеткізу шарты"),
        said("DAP Almaty", "DAP Almaty", "DAP Алматы", "DAP Алматы"),
        said("FOB Kariangau", "FOB Kariangau", "FOB Кариангау", "FOB Кариангау"),
        "pass",
        PASS,
    ),
    (
        said("Kedudukan", "Standing", "Статус", "Мәртебесі"),
        CHECKED,
        said("Dikunjungi", "Visited", "Осмотрено на месте", "Орнында қаралған"),
        "pass",
        PASS,
    ),
)
COST = (
    (said("Harga FOB Kariangau", "Price FOB Kariangau", "Цена FOB Кариангау", "FOB Кариангау бағасы"), "985.00"),
    (said("Laut ke Lianyungang", "Sea to Lianyungang", "Море до Ляньюньгана", "Ляньюньганға дейін теңіз"), "58.20"),
    (said("Bongkar muat", "Handling", "Перевалка", "Қайта тиеу"), "14.00"),
    (said("Kereta ke Almaty", "Rail to Almaty", "Поезд до Алматы", "Алматыға дейін пойыз"), "126.35"),
    (said("Ganti lebar rel", "Change of gauge", "Смена колеи", "Табан енін ауыстыру"), "18.00"),
    (said("Asuransi", "Insurance", "Страхование", "Сақтандыру"), "7.10"),
)
MORE_COST = (
    (said("Penyimpanan", "Storage", "Хранение", "Сақтау"), None),
    (said("Surat dan agen", "Papers and agents", "Документы и агенты", "Құжаттар мен агенттер"), "9.90"),
    (said("Bunga", "Interest", "Проценты", "Пайыз"), "4.45"),
)


def brief(**more) -> Frozen:
    """Two companies, ten rules, ten lines of a cost: as much as a pair of the sample book has."""
    steps = [Step(label=label, low=usd, high=usd) for label, usd in COST]
    steps += [Step(label=label, low=usd, high=usd and f"{float(usd) + 3:.2f}") for label, usd in MORE_COST]
    total = said("Tiba, DAP Almaty", "Landed, DAP Almaty", "С доставкой, DAP Алматы", "Жеткізілген, DAP Алматы")
    blocks = (
        Score(
            points="82",
            could_reach="94",
            known=said("7 dari 10 diketahui", "7 of 10 known", "известно 7 из 10", "10-нан 7 белгілі"),
        ),
        Words(
            text=said(
                "Daftar diubah setelah putaran ini.",
                "A listing was edited after this run.",
                "Объявление изменено после этого расчёта.",
                "Хабарландыру осы есептеуден кейін өзгертілген.",
            ),
            tone="warning",
        ),
        Sides(
            need=Side(
                role=NEED,
                name="ТОО «Алатау Кондитер»",
                latin="Alatau Konditer LLP",
                where=said("Almaty, Kazakhstan", "Almaty, Kazakhstan", "Алматы, Казахстан", "Алматы, Қазақстан"),
                checked=CHECKED,
                lines=(Line(said("Nomor", "Number", "Номер", "Нөмірі"), "N-2026-0042"),),
            ),
            capacity=Side(
                role=CAPACITY,
                name="PT Kariangau Oleo Lestari",
                where=said("Balikpapan, Indonesia", "Balikpapan, Indonesia", "Баликпапан, Индонезия", "Баликпапан"),
                checked=CHECKED,
                lines=(Line(said("Nomor", "Number", "Номер", "Нөмірі"), "C-2026-0017"),),
            ),
        ),
        Verdicts(
            title=said("Mengapa cocok?", "Why do they fit?", "Почему подходят?", "Неге сәйкес келеді?"),
            heads=(
                said("Aturan", "Rule", "Правило", "Ереже"),
                said("Diminta", "Asked", "Просят", "Сұралады"),
                said("Ditawarkan", "Offered", "Предлагают", "Ұсынылады"),
                said("Hasil", "Answer", "Итог", "Нәтиже"),
            ),
            rows=tuple(Verdict(rule=r, asked=a, offered=o, answer=v, says=s) for r, a, o, v, s in RULES),
        ),
        Waterfall(
            title=said(
                "Berapa harga satu ton di Almaty?",
                "What does a tonne cost in Almaty?",
                "Сколько стоит тонна в Алматы?",
                "Алматыда бір тонна қанша тұрады?",
            ),
            steps=(*steps, Step(label=total, low=None, high=None, is_total=True)),
            limit="1290",
            note=said(
                "Garis adalah batas pembeli, 1.290 USD/t. Sekurang-kurangnya 1.223,00 USD/t.",
                "The line is the buyer's limit, 1,290 USD/t. At least 1,223.00 USD/t.",
                "Линия — предел покупателя, 1\u00a0290 USD/т. Не менее 1\u00a0223,00 USD/т.",
                "Сызық — сатып алушының шегі, 1\u00a0290 USD/т. Кемінде 1\u00a0223,00 USD/т.",
            ),
        ),
        facts(
            said("Bagaimana barang dikirim?", "How do the goods travel?", "Как едет товар?", "Тауар қалай жүреді?"),
            (
                said("Rute", "Route", "Маршрут", "Бағыт"),
                said(
                    "Balikpapan – Lianyungang – Khorgos – Almaty",
                    "Balikpapan – Lianyungang – Khorgos – Almaty",
                    "Баликпапан – Ляньюньган – Хоргос – Алматы",
                    "Баликпапан – Ляньюньган – Қорғас – Алматы",
                ),
            ),
            (said("Hari di jalan", "Days on the way", "Дней в пути", "Жолдағы күндер"), "31–44"),
        ),
        facts(
            said(
                "Surat apa yang perlu?", "Which papers are needed?", "Какие нужны документы?", "Қандай құжаттар керек?"
            ),
            (
                said("Belum ada", "Missing", "Не хватает", "Жетпейді"),
                said("deklarasi EAC", "EAC declaration", "декларация ЕАЭС", "ЕАЭО декларациясы"),
            ),
            (
                said("Setiap kiriman", "Each consignment", "Каждая партия", "Әр жөнелтім"),
                said(
                    "faktur; daftar kemasan; konosemen; sertifikat asal",
                    "invoice; packing list; bill of lading; certificate of origin",
                    "счёт-фактура; упаковочный лист; коносамент; сертификат происхождения",
                    "шот-фактура; орау парағы; коносамент; шығу тегі туралы сертификат",
                ),
            ),
        ),
        facts(
            said("Apa yang belum diketahui?", "What is not known?", "Что неизвестно?", "Не белгісіз?"),
            (
                said("Aturan", "Rules", "Правила", "Ережелер"),
                said("Sertifikat, Pembayaran", "Certificates, Payment", "Сертификаты, Оплата", "Сертификаттар, Төлем"),
            ),
            (
                said("Pos biaya", "Lines of the cost", "Строки затрат", "Шығын жолдары"),
                said("Penyimpanan", "Storage", "Хранение", "Сақтау"),
            ),
        ),
        Questions(
            title=said("Pertanyaan untuk rapat", "Questions for the meeting", "Вопросы встречи", "Кездесу сұрақтары"),
            items=(
                said(
                    "Syarat pembayaran mana yang diterima penjual?",
                    "Which payment terms does the seller take?",
                    "Какие условия оплаты примет продавец?",
                    "Сатушы қандай төлем шарттарын қабылдайды?",
                ),
                said(
                    "Siapa pemohon deklarasi EAC (harus penduduk EAEU)?",
                    "Who applies for the EAC declaration (a resident of the EAEU)?",
                    "Кто заявитель декларации ЕАЭС (резидент ЕАЭС)?",
                    "ЕАЭО декларациясының өтініш берушісі кім (ЕАЭО резиденті)?",
                ),
                said(
                    "Berapa biaya penyimpanan di Lianyungang?",
                    "What does storage in Lianyungang cost?",
                    "Сколько стоит хранение в Ляньюньгане?",
                    "Ляньюньганда сақтау қанша тұрады?",
                ),
            ),
        ),
        Signing(
            labels=(
                said("Catatan rapat", "Notes of the meeting", "Заметки встречи", "Кездесу жазбалары"),
                said("Disiapkan oleh, pada", "Prepared by, on", "Подготовил, дата", "Дайындаған, күні"),
            )
        ),
    )
    head = {
        "subject": "pair",
        "title": said("Lembar pasangan", "Brief of a pair", "Справка о паре", "Жұп туралы анықтама"),
        "subtitle": said(
            "Olein sawit RBD, 63 t per bulan",
            "RBD palm olein, 63 t a month",
            "Олеин пальмовый РДО, 63 т в месяц",
            "РДО пальма олеині, айына 63 т",
        ),
        "about": ABOUT,
        "blocks": blocks,
        "has_examples": True,
    }
    return frozen(**head | more)


def facts(title: Text, *lines: tuple[Text, Text]) -> Facts:
    return Facts(title=title, lines=tuple(Line(label, value) for label, value in lines))


ABOUT = (
    Line(said("Putaran", "Run", "Расчёт", "Есептеу"), "318"),
    Line(
        said("Dianggap hari ini", "Taken as today", "За сегодня принято", "Бүгін деп алынған"),
        said("26 Nov 2026", "26 Nov 2026", "26.11.2026", "26.11.2026"),
    ),
    Line(said("Aturan, mesin", "Rules, engine", "Правила, движок", "Ережелер, қозғалтқыш"), "1.4, 1.7"),
    Line(
        said("Bobot", "Weights", "Веса", "Салмақтар"),
        said(
            "harga 30%; kuantitas 20%; mutu 20%; waktu 10%; sertifikat 10%; logistik 10%",
            "price 30%; quantity 20%; quality 20%; time 10%; certificates 10%; logistics 10%",
            "цена 30 %; количество 20 %; качество 20 %; сроки 10 %; сертификаты 10 %; логистика 10 %",
            "баға 30 %; мөлшер 20 %; сапа 20 %; мерзім 10 %; сертификаттар 10 %; логистика 10 %",
        ),
    ),
)

COLUMNS = (
    Column(key="number", title=said("Nomor", "Number", "Номер", "Нөмірі"), kind=Kind.NUMBER, is_name=True),
    Column(
        key="goods",
        title=said("Barang", "Goods", "Товар", "Тауар"),
        kind=Kind.CODE,
        words={
            "OLEIN": OLEIN,
            "STEARIN": said("Stearin sawit RBD", "RBD palm stearin", "Стеарин пальмовый РДО", "РДО пальма стеарині"),
        },
    ),
    Column(key="hs", title=said("Kode HS", "HS code", "Код ТН ВЭД", "СЭҚ ТН коды"), kind=Kind.TEXT),
    Column(key="exporter", title=said("Eksportir", "Exporter", "Экспортёр", "Экспорттаушы"), kind=Kind.TEXT),
    Column(key="importer", title=said("Importir", "Importer", "Импортёр", "Импорттаушы"), kind=Kind.TEXT),
    Column(key="score", title=said("Nilai", "Score", "Оценка", "Баға"), kind=Kind.NUMBER, places=1),
    Column(key="tonnes", title=said("Ton", "Tonnes", "Тонны", "Тонна"), kind=Kind.NUMBER, places=3),
    Column(
        key="landed",
        title=said("Harga tiba, USD/t", "Landed, USD/t", "С доставкой, USD/т", "Жеткізілген құны, USD/т"),
        kind=Kind.NUMBER,
        places=2,
    ),
    Column(key="since", title=said("Sejak", "Since", "С", "Бастап"), kind=Kind.DAY),
    Column(
        key="unknown",
        title=said("Belum diketahui", "Not known", "Неизвестно", "Белгісіз"),
        kind=Kind.CODES,
        words={"price": RULES[5][0], "payment": RULES[6][0], "certificates": RULES[2][0]},
    ),
)
MATCHES = Table(key="matches", title=said("Kecocokan", "Matches", "Совпадения", "Сәйкестіктер"), columns=COLUMNS)


def match_row(number: int) -> list[str | None]:
    return [
        str(20_000 + number),
        "OLEIN" if number % 3 else "STEARIN",
        "151190",
        ("PT Kariangau Oleo Lestari", "PT Nusantara Sawit Kalimantan Timur Persero", "CV Teluk Balikpapan")[number % 3],
        ("ТОО «Алатау Кондитер»", "АО «Қазақстан май комбинаты Өскемен»", "ТОО «Шымкент Майлары»")[number % 3],
        str(82 - number % 40),
        f"{21 * (number % 60 + 1)}.5",
        None if number % 7 == 0 else f"{1180 + number % 90}.{number % 100:02}",
        f"2027-{number % 12 + 1:02}-{number % 28 + 1:02}",
        ("", "price", "payment certificates")[number % 3],
    ]


def matches(count: int = 60, *, grouped: bool = False, **more) -> Frozen:
    rows = [match_row(number) for number in range(count)]
    if grouped:
        rows.sort(key=lambda row: str(row[1]))
    table = Table(
        key="matches",
        title=MATCHES.title,
        columns=COLUMNS,
        grouped_by="goods" if grouped else "",
        note=said(
            "Ton: yang dapat bergerak.", "Tonnes: what can move.", "Тонны: что может ехать.", "Тонна: не жүре алады."
        ),
    )
    head = {"title": MATCHES.title, "about": ABOUT, "has_examples": True} | more
    return frozen(tables=[(table, rows)], **head)


def every_block(**more) -> Frozen:
    """A dossier that has each block once, under headings."""
    the_brief = brief().document.blocks
    sectors = {"agri": said("Pertanian", "Agriculture", "Сельское хозяйство", "Ауыл шаруашылығы")}
    sectors["energy"] = said("Energi", "Energy", "Энергетика", "Энергетика")
    blocks = (
        Heading(text=said("Aliran", "Flows", "Потоки", "Ағындар")),
        Words(text=said("Menurut rencana.", "By the plan.", "По плану.", "Жоспар бойынша."), tone="note"),
        Flows(
            title=said("Apa yang mengalir?", "What flows through?", "Что движется?", "Не қозғалады?"),
            flows=(
                ("ID", "KZ", "agri", "1512.5"),
                ("ID", "KZ", "energy", "420"),
                ("KZ", "ID", "agri", "630"),
                ("KZ", "ID", "energy", "12"),
            ),
            sectors=sectors,
            note=said("Ton per bulan.", "Tonnes a month.", "Тонн в месяц.", "Айына тонна."),
        ),
        Bars(
            title=said("Berapa ton?", "How many tonnes?", "Сколько тонн?", "Қанша тонна?"),
            unit=said("t", "t", "т", "т"),
            bars=(Line(sectors["agri"], "2142.5"), Line(sectors["energy"], "432"), Line(OLEIN, "")),
        ),
        Heading(text=said("Pasangan", "The pair", "Пара", "Жұп"), level=2),
        *the_brief,
        Heading(text=said("Tabel", "Table", "Таблица", "Кесте")),
        TableOf(table="matches", columns=("goods", "exporter", "tonnes", "landed")),
        Heading(text=said("Catatan", "Notes", "Заметки", "Ескертпелер")),
        Words(text=said("Kalimat panjang. " * 20, "A long text. " * 20, "Длинный текст. " * 20, "Ұзын мәтін. " * 20)),
    )
    head = {
        "subject": "companies",
        "title": said("Berkas", "Dossier", "Досье", "Досье"),
        "about": ABOUT,
        "blocks": blocks,
        "has_examples": True,
    }
    return frozen(tables=[(MATCHES, [match_row(number) for number in range(12)])], **head | more)


SAMPLES = {"brief": brief, "matches": matches, "grouped": lambda: matches(grouped=True), "blocks": every_block}
