"""Words inside company names that say nothing of which company it is, and words that are written short or long."""

# ruff: noqa: SIM905  lists of words read better as words
from companies.finding.letters import sound_of

# How a company is set up: written before the name, behind it, or not at all. Longer ones first.
LEGAL_PHRASES = tuple(
    tuple(phrase.split())
    for phrase in (
        "товарищество с ограниченной ответственностью",
        "товарищество с дополнительной ответственностью",
        "общество с ограниченной ответственностью",
        "жауапкершілігі шектеулі серіктестігі",
        "жауапкершілігі шектеулі серіктестік",
        "zhauapkershiligi shekteuli seriktestigi",
        "jauapkershiligi shekteuli seriktestigi",
        "публичное акционерное общество",
        "открытое акционерное общество",
        "закрытое акционерное общество",
        "некоммерческое акционерное общество",
        "акционерное общество",
        "акционерлік қоғамы",
        "акционерлік қоғам",
        "aktsionerlik qogamy",
        "индивидуальный предприниматель",
        "жеке кәсіпкер",
        "жеке кәсіпкерлік",
        "крестьянское хозяйство",
        "фермерское хозяйство",
        "крестьянское фермерское хозяйство",
        "шаруа қожалығы",
        "национальная компания",
        "ұлттық компаниясы",
        "ұлттық компания",
        "производственный кооператив",
        "сельскохозяйственный производственный кооператив",
        "limited liability partnership",
        "limited liability company",
        "open joint stock company",
        "joint stock company",
        "public limited company",
        "private limited",
        "national company",
        "perseroan terbatas",
        "perseroan komanditer",
        "commanditaire vennootschap",
        "usaha dagang",
        "perusahaan dagang",
        "perusahaan umum",
        "sole trader",
        "sdn bhd",
    )
)
LEGAL_WORDS = frozenset(
    (
        "pt cv ud pd tbk persero terbuka perum perumda firma fa koperasi kop kud пт кв цв тбк "
        "тоо жшс ао ип жк ооо оао зао пао нао тдо кх шқ фх кфх ғк нк нак ұк пк спк ргп кгп гкп гу "
        "филиал филиалы компания компаниясы фирма предприятие "
        "too zhshs jshs jss jşs ao aq ip zhk jk oao ooo zao nao pao kh "
        "llp llc jsc ojsc cjsc pjsc ltd limited inc incorporated plc pte sdn bhd nc nac co company gmbh bv nv "
        "cabang branch"
    ).split()
)
# Joint stock company, and "white" in many names (Ақ Бидай): a form only at an edge, where no other form is told.
LEGAL_OR_WHITE = frozenset(("ақ", "ак"))
# A person who trades under their own name: there one letter makes another person, and the order of names does not.
PERSON_FORMS = frozenset("ип жк ip zhk jk ud кх шқ kh".split())
PERSON_PHRASES = frozenset(
    tuple(phrase.split())
    for phrase in ("индивидуальный предприниматель", "жеке кәсіпкер", "sole trader", "usaha dagang")
)

AND = "&"
CONNECTIVES = frozenset("& + and и және dan".split())
# "Dan" is "and" in Indonesian, and grain (дән) in Kazakh: wherever it stands, both are one word.
SOUNDS_LIKE_AND = {"dan": AND, "Jane": AND}
ORNAMENTS = frozenset("the no №".split())
FORMERLY = ("d/h", "dahulu", "formerly", "бывш", "бывшее", "ранее", "бұрынғы", "ex")

# One word written short and long, or carried into another script by its sound.
ONE_WORD = (
    "intl international internasional internasionl интернешнл интернейшнл интернэшнл интернационал",
    "corp corporation corporate korporasi корпорация корпорэйшн",
    "industri industry industries industrial ind индастри индастриз индустрия",
    "bros brothers",
    "dev development",
    "mfg manufacturing manufaktur",
    "трейд trade",
    "трейдинг trading",
    "group grup grp групп группа",
    "сифуд seafood seafoods",
    "фуд food foods фудс",
    "chemical chemicals кемикал",
    "hrom хром chrome",
    "cement цемент semen",
    "kazink казцинк каззинк kazzinc",
    "samudra samudera",
    "putra putera",
    "sumatra sumatera",
    "kutanegara kartanegara kertanegara",
    "eurasia евразия",
    "caspian каспиан",
    "хаус house",
    "сервис service servis",
    "company компани",
    "kazakstan казахстан қазақстан kazakhstan",
    "казахстанский казахстанская казахстанское казахстанско",
)
SHORTENED = {sound_of(word): sound_of(line.split()[0]) for line in ONE_WORD for word in line.split()}

SIDES = {"timur": "tim", "barat": "bar", "selatan": "sel", "tengah": "teng", "utara": "tara", "tenggara": "tra"}
EXCEPTIONS = {"sumaterautara": "sumut", "sulawesiutara": "sulut"}
# What is written in full, and the short form that everybody uses.
PHRASES = {
    **{
        f"{island} {side}": EXCEPTIONS.get(island + side, head + short)
        for island, head in (("kalimantan", "kal"), ("jawa", "ja"), ("sumatera", "sum"), ("sulawesi", "sul"))
        for side, short in SIDES.items()
    },
    "east kalimantan": "kaltim",
    "north kalimantan": "kaltara",
    "south kalimantan": "kalsel",
    "west kalimantan": "kalbar",
    "central kalimantan": "kalteng",
    "east java": "jatim",
    "west java": "jabar",
    "nusa tenggara timur": "ntt",
    "nusa tenggara barat": "ntb",
    "maluku utara": "malut",
    "kepulauan riau": "kepri",
    "восточно казахстанский": "вко",
    "вост каз": "вко",
    "шығыс қазақстан": "вко",
    "северо казахстанский": "ско",
    "сев каз": "ско",
    "солтүстік қазақстан": "ско",
    "западно казахстанский": "зко",
    "зап каз": "зко",
    "батыс қазақстан": "зко",
    "южно казахстанский": "юко",
    "юж каз": "юко",
    "оңтүстік қазақстан": "юко",
    "торговый дом": "тд",
    "trading house": "тд",
    "сауда үйі": "тд",
}
SHORT_PHRASES = {
    tuple(SHORTENED.get(sound_of(word), sound_of(word)) for word in phrase.split()): sound_of(short)
    for phrase, short in PHRASES.items()
}
LONG_PHRASES = {sound_of(short): phrase for phrase, short in reversed(PHRASES.items())}
LONGEST_PHRASE = max(map(len, SHORT_PHRASES))

# A place behind a name in brackets is a sister company there; another word in brackets is a second name.
PLACES = frozenset(
    sound_of(word)
    for word in (
        "balikpapan samarinda bontang sangatta tarakan banjarmasin pontianak sampit kumai makassar surabaya jakarta "
        "medan bandung semarang gresik batam berau paser penajam kutai palangkaraya palangka manado ambon papua bali "
        "kaltim kalsel kalteng kalbar kaltara jatim jabar jateng sulsel sulut sumut sumbar sumsel riau jawa palembang "
        "kalimantan sumatra sumatera sulawesi indonesia malaysia singapura singapore lampung pekanbaru padang "
        "kazakhstan алматы астана шымкент қарағанды караганда актобе ақтөбе тараз павлодар өскемен усть каменогорск "
        "семей костанай қостанай петропавл петропавловск атырау актау ақтау курык құрық уральск орал кызылорда "
        "түркістан туркестан темиртау балхаш жезказган конаев талдыкорган кокшетау экибастуз рудный жанаозен "
        "вко ско зко юко timur barat selatan utara tengah pusat север юг восток запад кнр рк китай россия казахстан"
    ).split()
)
ROMAN = {"ii": 2, "iii": 3, "iv": 4, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "xi": 11, "xii": 12}
ROMAN_LETTERS = {"i": 1, "v": 5, "x": 10}
