"""Domain names: which ends are real, and which names are the marketplace's own."""

from collections.abc import Collection

# Two-letter ends are country codes (ISO 3166-1 and the few others delegated by IANA); of the
# generic ends only those that people meet. Endings that are mostly file names (.zip, .mov) are out.
_COUNTRIES = frozenset(
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs "
    "bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec "
    "ee eg er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy "
    "hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz "
    "la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx "
    "my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re "
    "ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj "
    "tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw "
    "рф ею".split()
)
_GENERIC = frozenset(
    "com net org info biz pro name mobi asia cat jobs tel travel museum aero coop post edu gov mil "
    "int arpa app art bar beauty best bid bio blog business buzz cafe care center chat city click "
    "cloud club company cyou dev digital direct email expert express fashion fit fun gallery game "
    "games gift gifts global group guru help home host ink kim life link live llc loan ltd market "
    "media money news ninja online onl page pay photo photos plus press promo pub quest review "
    "reviews rocks run sale sbs school service services shop shopping site social solutions space "
    "store stream studio style support team tech technology tips today tools top toys trade uno "
    "vip watch website wiki win work works world wtf xyz zone moscow tatar example test invalid "
    "москва рус дети онлайн сайт орг ком укр бел бг срб мкд қаз".split()
)


def has_known_end(labels: list[str]) -> int:
    """How many leading labels make a name that ends like a real domain; 0 for none.

    The longest such name counts, so ``shop.example.evil.com`` is judged by its real end.
    """
    for count in range(len(labels), 1, -1):
        if _ends(labels[count - 1], labels[count - 2]):
            return count
    return 0


def _ends(label: str, before: str) -> bool:
    lowered = label.lower()
    if lowered in _GENERIC or lowered.startswith("xn--"):
        return bool(before)
    # "Gracias.Me gusta" is a missing space, "2.es" a number: neither is a domain.
    written_whole = label.islower() or label.isupper()
    return lowered in _COUNTRIES and written_whole and before != "" and not before.isdigit()


def is_own(host: str, own_domains: Collection[str]) -> bool:
    """Whether ``host`` is one of the marketplace's own domains or a name under one of them."""
    name = host.lower().rstrip(".")
    return any(name == own or name.endswith("." + own) for own in own_domains)
