"""The words of trade in four languages, as patterns over small letters. People mix languages: all are always read."""

# ruff: noqa: SIM905  lists of words read better as words
RANGE = r"\s*(?:-|–|\.\.|s/d|s\.d\.?|sampai|hingga|to|до|по)\s*"

# The order matters where one word begins another.
UNITS = {
    "t": r"metric tons?|metrik ton|[wd]mt|tonnes?|tons?|mts?|t|тонн\w*|тн|мт|т",
    "kg": r"kilograms?|kilogram|kilo|kgs?|килограмм\w*|кило|кг|келі",
    "quintal": r"kwintal|kuintal|quintals?|центнер\w*|ц",
    "l": r"lit(?:er|re)s?|ltr|lt|l|литр\w*|л",
    "m3": r"meter kubik|kubik|m3|m³|кубометр\w*|куб\.?\s?м|м3|м³|текше метр",
    "pcs": r"pieces?|pcs|pc|buah|ekor|biji|штук\w*|шт|дана",
    "container": r"container\w*|kontainer|reefers?|реф-?контейнер\w*|peti kemas|fcl|контейнер\w*|конт",
    "wagon": r"wagons?|gerbong|вагон\w*",
    "truck": r"trucks?|truk|фур[аы]?|грузовик\w*|жүк көлі\w*",
    "bag": r"bags?|karung|sak|zak|меш(?:ок|к)\w*|қап\w*",
    "carton": r"cartons?|karton|dus|короб\w*|ящик\w*|қорап\w*",
}
BOXES = {"20": "box20", "40": "box40"}
PACKS = (
    r"big[- ]?bags?|jumbo bags?|биг-?бэг\w*|bags?|karung|sak|меш(?:ок|к)\w*|қап\w*|drums?|бочк\w*|jerigen|jerrycans?|"
    r"канистр\w*|cartons?|karton|dus|короб\w*|қорап\w*|pouch(?:es)?|блок\w*|blocks?|packs?|pak|kemasan|фасовк\w*|"
    r"упаков\w*|packing|packed"
)

MULTIPLES = {
    r"ribu|rb|тыс\.?|тысяч\w*|мың|thousand|k": 1000,
    r"juta|jt|млн\.?|миллион\w*|mln|million": 1_000_000,
    r"miliar|млрд\.?|миллиард\w*|billion": 1_000_000_000,
}

SPOKEN_NUMBERS = {
    **dict(zip("one two three four five six seven eight nine ten".split(), range(1, 11), strict=True)),
    **dict(zip("satu dua tiga empat lima enam tujuh delapan sembilan sepuluh".split(), range(1, 11), strict=True)),
    **dict(zip("один два три четыре пять шесть семь восемь девять десять".split(), range(1, 11), strict=True)),
    **dict(zip("бір екі үш төрт бес алты жеті сегіз тоғыз он".split(), range(1, 11), strict=True)),
    **dict(zip("жиырма отыз қырық елу алпыс жетпіс сексен тоқсан".split(), range(20, 100, 10), strict=True)),
    **dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True)),
    **dict(zip("двадцать тридцать сорок пятьдесят шестьдесят".split(), range(20, 70, 10), strict=True)),
    "одна": 1,
    "одну": 1,
    "две": 2,
    "сто": 100,
    "двести": 200,
    "триста": 300,
    "пятьсот": 500,
    "жүз": 100,
    "dua puluh": 20,
    "tiga puluh": 30,
    "empat puluh": 40,
    "lima puluh": 50,
    "seratus": 100,
    "dua ratus": 200,
    "lima ratus": 500,
    "seribu": 1000,
    "a hundred": 100,
    "one hundred": 100,
}

PERIODS = {
    "monthly": (
        r"sebulan|per[- ]?(?:bulan|bln)|/\s?(?:bulan|bln)|(?:se)?tiap bulan|bulanan|(?:a|per|each|every) month|p/m|pcm|"
        r"/\s?(?:month|mo)|monthly|(?:раз )?в месяц|(?:раз )?в мес\.?|/\s?мес(?:яц)?\.?|ежемесячн\w+|каждый месяц|"
        r"помесячно|айына|ай сайын|әр ай\w*"
    ),
    "yearly": (
        r"setahun|per[- ]?(?:tahun|thn)|/\s?(?:tahun|thn)|(?:se)?tiap tahun|(?:a|per|each|every) year|/\s?year|yearly|"
        r"annually|per annum|в год|/\s?год|ежегодн\w+|жылына|жыл сайын"
    ),
    "quarterly": (
        r"per (?:kuartal|triwulan)|(?:a|per) quarter|quarterly|в квартал|ежекварталь\w+|тоқсан сайын|тоқсанына"
    ),
    "weekly": (
        r"seminggu|per ?minggu|/\s?minggu|(?:se)?tiap minggu|(?:a|per|each|every) week|/\s?week|weekly|в неделю|"
        r"/\s?нед\.?|еженедельн\w+|аптасына|апта сайын"
    ),
    "daily": r"sehari|per ?hari|/\s?hari|(?:a|per|each) day|/\s?day|daily|в день|в сутки|ежедневн\w+|күніне|күн сайын",
    "once": (
        r"sekali(?: kirim)?|satu kali(?: kirim)?|one[- ](?:off|time)|once|spot|разов\w+|единоразов\w+|один раз|бір рет|"
        r"біржолғы"
    ),
}

CURRENCIES = {
    "USD": r"us\$|usd|\$|u\.s\. dollars?|us dollars?|dollars?|dolar(?: as)?|долл?(?:ар\w*)?\.?(?: сша)?",
    "EUR": r"eur|€|euros?|евро|еуро",
    "IDR": r"idr|rupiah|rp\.?|рупи\w*",
    "KZT": r"kzt|₸|тенге|теңге\w*|тг\.?|тнг|tenge",
    "RUB": r"rub|₽|рубл\w*|руб\.?|rubel",
    "CNY": r"cny|rmb|¥|yuan|юан\w*",
}

# Letters that look alike: an Incoterm typed on the other keyboard. And how it is spelled out there.
TWINS = str.maketrans("авсекмнортухі", "abcekmhoptyxi")
INCOTERMS = ("exw", "fca", "fas", "fob", "cfr", "cif", "cpt", "cip", "dap", "dpu", "ddp")
OTHER_TERMS = {
    "фоб": "FOB",
    "сиф": "CIF",
    "сфр": "CFR",
    "кфр": "CFR",
    "спт": "CPT",
    "срт": "CPT",
    "дап": "DAP",
    "дпу": "DPU",
    "ддп": "DDP",
    "фса": "FCA",
    "ехв": "EXW",
    "exworks": "EXW",
    "ex works": "EXW",
    "ex-works": "EXW",
    "cnf": "CFR",
    "c&f": "CFR",
    "c+f": "CFR",
    "франко-завод": "EXW",
    "franco pabrik": "EXW",
}

# Who looks for a buyer sells, and who looks for a supplier buys.
LOOKS_FOR_BUYERS = (
    r"(?:mencari|cari|looking for|seek(?:s|ing)?|ищем|ищу) (?:a )?(?:pembeli|importir|buyers?|importers?|покупател\w+)|"
    r"сатып алушы\w* іздейм\w+"
)
NEED = (
    r"(?:we |kami |saya |мы |нам |біз(?:ге)? )?(?:(?:mencari|cari|looking for|seek(?:s|ing)?|ищем|ищу) "
    r"(?:a )?(?:pemasok|supplier|suppliers|поставщик\w*)|seek(?:s|ing)?|wtb|"
    r"want to buy|to buy|buying|buy|looking for|needed|need|wanted|require|"
    r"membeli|beli|mencari|cari|membutuhkan|butuh|dibutuhkan|perlu|куплю|купим|купить|покупаем|закупаем|закупим|ищем|"
    r"нуж(?:ен|н[аыо])|требуется|требуются|приобретем|сатып аламыз|сатып аламын|сатып алғымыз келеді|керек|іздейміз|"
    r"іздеп жүрміз|қажет)"
)
CAPACITY = (
    r"(?:we |kami |saya |мы |біз )?(?:can supply|supply|produce|wts|memproduksi|produksi|производим|"
    r"өндіреміз|selling|sell|for sale|offering|offer|available|menjual|dijual|"
    r"jual|menawarkan|tawarkan|tersedia|sedia|ready stock|продам|продаем|предлагаем|реализуем|поставляем|в наличии|"
    r"сатамыз|сатамын|сатылады|ұсынамыз|жеткіземіз)"
)

# Words around facts that say nothing of the goods: left out where they stand at the edge of what is left.
FILLERS = frozenset(
    (
        "of the a an for with at in on by from to and or per price prices quantity qty volume delivery shipment "
        "payment terms term basis incoterms please we i our us origin about approx approximately around only needed "
        "urgently asap prompt max min minimum maximum up is are total lot size weight order within "
        "harga kuantitas jumlah volume pengiriman kirim dikirim pembayaran bayar dengan untuk di ke dari dan atau yang "
        "kami saya sekitar kira-kira segera tolong per syarat asal tujuan maks maksimal minimal mulai pada bulan total "
        "в на с со по из от до и или за для к ко у о об при цена цены цену ценой объем количество кол-во поставка "
        "поставкой поставки отгрузка отгрузкой доставка доставкой оплата оплатой условия условиях базис срочно прошу "
        "около примерно нам мы нас порт порта станция ст итого партия партии вес не более менее "
        "бағасы баға бағамен көлемі мөлшері жеткізу жеткізумен төлем біз бізге шұғыл шамамен және немесе дейін бастап "
        "awal akhir pertengahan early mid late начало начале конце середине айларында айында target kapasitas capacity "
        "selamat siang pagi sore malam hello hi dear добрый день здравствуйте сәлеметсіз бе cepat срок расчет "
        "importer exporter packed kemasan оптом қаптамасы келісімді поставщика поставщиков "
        "дороже дешевле выше ниже may can flexibag container containers kontainer контейнер контейнера контейнеров "
        "контейнерах үшін бойынша тапсырыс шартымен шарты порты станциясы тасымалдау incoterms® 2020"
    ).split()
)
