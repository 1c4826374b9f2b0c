"""Pictures of the products, drawn by code: flat shapes on a calm ground."""

INK, OAK, CREAM, CLAY, BLUE, TEAL, GREEN, ROSE = (
    *("#3a332d", "#c08a52", "#f6efe4", "#b9603e", "#33567a", "#3d7a74", "#6a8a54", "#c98a80"),
)

_GROUNDS = {
    "arc-lamp": "#f1dfc4",
    "headphones": "#d9dfe2",
    "keyboard": "#e4dcd3",
    "field-watch": "#dfe0d2",
    "teapot": "#e9e1d6",
    "mug": "#ecd9cc",
    "blanket": "#dfe3dc",
    "plant-pot": "#e6e6d6",
    "notebook": "#d8e2e0",
    "backpack": "#e8dcc6",
    "umbrella": "#d6dee6",
    "bike-light": "#dcdad4",
    "speaker": "#e2dde0",
}


def _key_rows() -> str:
    keys = []
    for row in range(3):
        for column in range(9):
            x, y = 62 + column * 22, 104 + row * 22
            fill = CLAY if (row, column) == (2, 8) else CREAM
            keys.append(f'<rect x="{x}" y="{y}" width="17" height="17" rx="4" fill="{fill}"/>')
    return "".join(keys)


def _dots() -> str:
    return "".join(
        f'<circle cx="{130 + 16 * x}" cy="{82 + 16 * y}" r="1.8" fill="{TEAL}"/>'
        for x in range(5)
        for y in range(6)
    )


def _rays() -> str:
    return "".join(
        f'<path d="M{160 + dx} 60 L160 132" stroke="{CREAM}" stroke-width="2"/>'
        for dx in (-48, 0, 48)
    )


_SHAPES = {
    "arc-lamp": (
        f'<path d="M150 150 L222 150 L246 190 L126 190 Z" fill="#fff6dd" opacity=".8"/>'
        f'<path d="M96 192 V92 a46 46 0 0 1 90 -12" fill="none" stroke="{INK}" stroke-width="7"/>'
        f'<path d="M156 128 a32 30 0 0 1 64 0 Z" fill="{CLAY}" transform="translate(-2 -42)"/>'
        f'<rect x="64" y="188" width="66" height="10" rx="5" fill="{OAK}"/>'
    ),
    "headphones": (
        f'<path d="M98 150 v-18 a62 62 0 0 1 124 0 v18" fill="none" stroke="{INK}"'
        ' stroke-width="11"/>'
        f'<rect x="82" y="136" width="34" height="58" rx="15" fill="{BLUE}"/>'
        f'<rect x="204" y="136" width="34" height="58" rx="15" fill="{BLUE}"/>'
    ),
    "keyboard": (
        f'<rect x="48" y="90" width="224" height="86" rx="14" fill="{INK}"/>' + _key_rows()
    ),
    "field-watch": (
        f'<rect x="138" y="34" width="44" height="172" rx="10" fill="{OAK}"/>'
        f'<circle cx="160" cy="120" r="52" fill="{INK}"/>'
        f'<circle cx="160" cy="120" r="43" fill="{CREAM}"/>'
        f'<path d="M160 92 V120 L180 132" fill="none" stroke="{INK}" stroke-width="5"'
        ' stroke-linecap="round"/>'
        f'<circle cx="160" cy="84" r="3" fill="{CLAY}"/>'
        f'<rect x="210" y="114" width="10" height="12" rx="3" fill="{INK}"/>'
    ),
    "teapot": (
        f'<path d="M212 116 c42 -10 46 46 2 50" fill="none" stroke="{BLUE}" stroke-width="10"/>'
        f'<path d="M100 140 L66 104 L78 98 L116 120 Z" fill="{BLUE}"/>'
        f'<path d="M98 132 a62 48 0 0 1 124 0 c0 40 -22 58 -62 58 s-62 -18 -62 -58" fill="{BLUE}"/>'
        f'<path d="M128 92 h64" stroke="{CREAM}" stroke-width="4" stroke-linecap="round"/>'
        f'<circle cx="160" cy="76" r="8" fill="{OAK}"/>'
    ),
    "mug": (
        f'<path d="M206 104 c40 -4 40 60 -2 58" fill="none" stroke="{ROSE}" stroke-width="12"/>'
        f'<path d="M106 84 h102 v74 a28 28 0 0 1 -28 28 h-46 a28 28 0 0 1 -28 -28 Z"'
        f' fill="{ROSE}"/>'
        f'<path d="M106 84 h102 v26 c-30 14 -70 -10 -102 8 Z" fill="{CREAM}"/>'
    ),
    "blanket": (
        f'<rect x="88" y="76" width="144" height="36" rx="14" fill="{GREEN}"/>'
        f'<rect x="82" y="108" width="156" height="38" rx="14" fill="{CREAM}"/>'
        f'<rect x="76" y="142" width="168" height="44" rx="14" fill="{TEAL}"/>'
        f'<path d="M76 166 h168 M82 128 h156" stroke="{OAK}" stroke-width="3" opacity=".7"/>'
    ),
    "plant-pot": (
        f'<path d="M160 122 C110 100 118 58 142 50 C160 74 162 96 160 122" fill="{GREEN}"/>'
        f'<path d="M160 122 C206 106 206 66 188 52 C164 74 160 96 160 122" fill="#587646"/>'
        f'<path d="M112 118 h96 l-12 70 h-72 Z" fill="{CLAY}"/>'
        f'<rect x="104" y="110" width="112" height="20" rx="6" fill="#a4502f"/>'
        f'<rect x="112" y="188" width="96" height="9" rx="4" fill="#a4502f"/>'
    ),
    "notebook": (
        f'<rect x="106" y="48" width="108" height="144" rx="8" fill="{TEAL}"/>'
        f'<rect x="118" y="66" width="84" height="108" rx="4" fill="{CREAM}"/>'
        + _dots()
        + f'<rect x="198" y="48" width="6" height="144" fill="{OAK}"/>'
    ),
    "backpack": (
        f'<path d="M136 62 a24 24 0 0 1 48 0" fill="none" stroke="{INK}" stroke-width="8"/>'
        f'<rect x="102" y="62" width="116" height="130" rx="34" fill="{GREEN}"/>'
        f'<rect x="118" y="122" width="84" height="56" rx="14" fill="#587646"/>'
        f'<path d="M118 140 h84" stroke="{CREAM}" stroke-width="4"/>'
        f'<rect x="154" y="134" width="12" height="14" rx="4" fill="{OAK}"/>'
        f'<path d="M102 96 h116" stroke="{INK}" stroke-width="5" opacity=".35"/>'
    ),
    "umbrella": (
        f'<path d="M160 60 V176 a16 16 0 0 0 32 0" fill="none" stroke="{INK}" stroke-width="6"'
        ' stroke-linecap="round"/>'
        f'<path d="M76 132 a84 76 0 0 1 168 0 q-14 -14 -28 0 q-14 -14 -28 0 q-14 -14 -28 0'
        f' q-14 -14 -28 0 q-14 -14 -28 0 q-14 -14 -28 0" fill="{BLUE}"/>' + _rays()
    ),
    "bike-light": (
        f'<rect x="84" y="94" width="66" height="52" rx="16" fill="{INK}"/>'
        f'<circle cx="92" cy="120" r="20" fill="#fff3c8"/>'
        f'<rect x="182" y="98" width="56" height="46" rx="14" fill="{INK}"/>'
        f'<circle cx="228" cy="121" r="16" fill="#d0503c"/>'
        f'<path d="M64 100 L40 88 M60 120 H34 M64 140 L40 152" stroke="#e4c56a"'
        ' stroke-width="6" stroke-linecap="round"/>'
        f'<rect x="108" y="146" width="14" height="22" fill="{OAK}"/>'
        f'<rect x="202" y="144" width="14" height="22" fill="{OAK}"/>'
    ),
    "speaker": (
        f'<ellipse cx="160" cy="128" rx="76" ry="60" fill="{ROSE}"/>'
        f'<ellipse cx="160" cy="128" rx="50" ry="38" fill="#a86a62"/>'
        f'<circle cx="160" cy="128" r="15" fill="{INK}"/>'
        f'<rect x="128" y="184" width="64" height="7" rx="3" fill="{INK}" opacity=".3"/>'
    ),
}


def picture(ref: str) -> str | None:
    """The SVG of a product, 4:3; None where there is no such product."""
    if ref not in _SHAPES:
        return None
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 240" width="640" height="480">'
        f'<rect width="320" height="240" fill="{_GROUNDS[ref]}"/>'
        '<ellipse cx="160" cy="204" rx="104" ry="9" fill="#3a332d" opacity=".12"/>'
        f"{_SHAPES[ref]}</svg>"
    )
