"""What Mercadia sells: invented stores and products, with their words in three languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Store:
    """A store of the marketplace."""

    ref: str
    name: str


@dataclass(frozen=True, slots=True)
class Product:
    """A listing; ``price`` in euro cents, ``words`` = language -> (title, text)."""

    ref: str
    store: str
    price: int
    category: str
    warranty_years: int
    words: dict[str, tuple[str, str]]

    def title(self, language: str) -> str:
        """The title in ``language``, else in English."""
        return self.words.get(language, self.words["en"])[0]

    def text(self, language: str) -> str:
        """The text in ``language``, else in English."""
        return self.words.get(language, self.words["en"])[1]


STORES = (
    Store("store-wei", "Wei's Workshop"),
    Store("store-marisol", "Casa Marisol"),
    Store("store-norte", "Norte"),
)

PRODUCTS = (
    Product(
        "arc-lamp", "store-wei", 3900, "lighting", 2,
        {
            "en": ("Arc desk lamp", "A slender lamp with warm light in three steps. Steel and oak, "
                   "6 W, cable of 1.8 m."),
            "es": ("Lámpara de mesa Arco", "Una lámpara esbelta de luz cálida en tres intensidades."
                   " Acero y roble, 6 W, cable de 1,8 m."),
            "ru": ("Настольная лампа «Арка»", "Стройная лампа с тёплым светом, три ступени яркости."
                   " Сталь и дуб, 6 Вт, кабель 1,8 м."),
        },
    ),
    Product(
        "headphones", "store-wei", 7900, "electronics", 2,
        {
            "en": ("Quiet headphones", "Closed headphones that keep the street outside. 32 hours "
                   "on one charge, folds flat."),
            "es": ("Auriculares Silencio", "Auriculares cerrados que dejan la calle fuera. 32 horas"
                   " con una carga, plegables."),
            "ru": ("Наушники «Тишина»", "Закрытые наушники, с которыми улица остаётся снаружи. "
                   "32 часа на одном заряде, складываются."),
        },
    ),
    Product(
        "keyboard", "store-wei", 6400, "electronics", 2,
        {
            "en": ("Sixty keyboard", "A small keyboard with soft, quiet keys. USB-C, layouts for "
                   "Spanish, English and Russian."),
            "es": ("Teclado Sesenta", "Un teclado pequeño de teclas suaves y silenciosas. USB-C, "
                   "en español, inglés y ruso."),
            "ru": ("Клавиатура «Шестьдесят»", "Небольшая клавиатура с мягкими тихими клавишами. "
                   "USB-C, испанская, английская и русская раскладки."),
        },
    ),
    Product(
        "field-watch", "store-wei", 11900, "watches", 2,
        {
            "en": ("Field watch", "A plain watch that is easy to read. Sapphire glass, 5 bar, two "
                   "years of warranty."),
            "es": ("Reloj de campo", "Un reloj sencillo y fácil de leer. Cristal de zafiro, 5 bar, "
                   "dos años de garantía."),
            "ru": ("Полевые часы", "Простые часы, на которых легко увидеть время. Сапфировое "
                   "стекло, 5 бар, гарантия два года."),
        },
    ),
    Product(
        "teapot", "store-marisol", 3200, "kitchen", 0,
        {
            "en": ("Blue teapot", "Stoneware, glazed by hand in one deep blue. Holds 0.9 litres; "
                   "the lid stays on when you pour."),
            "es": ("Tetera azul", "Gres esmaltado a mano en un azul profundo. 0,9 litros; la tapa "
                   "no se cae al servir."),
            "ru": ("Синий чайник", "Керамика, покрытая вручную глубокой синей глазурью. "
                   "0,9 литра; крышка не падает, когда наливаешь."),
        },
    ),
    Product(
        "mug", "store-marisol", 1400, "kitchen", 0,
        {
            "en": ("Stoneware mug", "A mug for slow mornings, 300 ml. No two are quite alike."),
            "es": ("Taza de gres", "Una taza para mañanas sin prisa, 300 ml. No hay dos iguales."),
            "ru": ("Керамическая кружка", "Кружка для неспешного утра, 300 мл. Двух одинаковых "
                   "не бывает."),
        },
    ),
    Product(
        "blanket", "store-marisol", 5900, "home", 0,
        {
            "en": ("Wool blanket", "Merino wool, woven in a small mill. 130 by 180 cm."),
            "es": ("Manta de lana", "Lana merina tejida en un taller pequeño. 130 por 180 cm."),
            "ru": ("Шерстяной плед", "Шерсть мериноса с маленькой фабрики. 130 на 180 см."),
        },
    ),
    Product(
        "plant-pot", "store-marisol", 1800, "home", 0,
        {
            "en": ("Terracotta pot", "A pot with a saucer for one happy plant, 16 cm."),
            "es": ("Maceta de barro", "Una maceta con plato para una planta feliz, 16 cm."),
            "ru": ("Терракотовый горшок", "Горшок с блюдцем для одного довольного растения, "
                   "16 см."),
        },
    ),
    Product(
        "notebook", "store-marisol", 1250, "paper", 0,
        {
            "en": ("Dotted notebook", "160 dotted pages, sewn, so that it lies flat. A5."),
            "es": ("Cuaderno punteado", "160 páginas punteadas, cosidas para que quede plano. A5."),
            "ru": ("Блокнот в точку", "160 страниц в точку, сшит, поэтому лежит ровно. A5."),
        },
    ),
    Product(
        "backpack", "store-norte", 6900, "outdoor", 1,
        {
            "en": ("Day backpack", "22 litres, waxed canvas, a pocket for what you need first."),
            "es": ("Mochila de día", "22 litros, lona encerada, un bolsillo para lo primero que "
                   "necesitas."),
            "ru": ("Городской рюкзак", "22 литра, вощёный холст, карман для того, что нужно "
                   "первым."),
        },
    ),
    Product(
        "umbrella", "store-norte", 2900, "outdoor", 1,
        {
            "en": ("Storm umbrella", "Holds in the wind up to 90 km/h, and folds to 28 cm."),
            "es": ("Paraguas Tormenta", "Aguanta viento de hasta 90 km/h y se pliega a 28 cm."),
            "ru": ("Зонт «Буря»", "Держится при ветре до 90 км/ч и складывается до 28 см."),
        },
    ),
    Product(
        "bike-light", "store-norte", 2450, "outdoor", 1,
        {
            "en": ("Bike lights", "A front and a rear light that hold without tools. USB-C."),
            "es": ("Luces de bicicleta", "Luz delantera y trasera, se montan sin herramientas. "
                   "USB-C."),
            "ru": ("Велофонари", "Передний и задний фонарь, крепятся без инструментов. USB-C."),
        },
    ),
)  # fmt: skip

REMOVED = Product(
    "speaker", "store-wei", 4500, "electronics", 0,
    {
        "en": ("Pebble speaker", "A round speaker with 20 hours of music and a clear voice. "
               "Waterproof (IPX7)."),
        "es": ("Altavoz Guijarro", "Un altavoz redondo con 20 horas de música y voz clara. "
               "Resistente al agua (IPX7)."),
        "ru": ("Колонка «Галька»", "Круглая колонка: 20 часов музыки и чистый голос. "
               "Не боится воды (IPX7)."),
    },
)  # fmt: skip
"""Sold once, and then its page was taken down."""

BY_REF = {product.ref: product for product in (*PRODUCTS, REMOVED)}
STORE_NAMES = {store.ref: store.name for store in STORES}
