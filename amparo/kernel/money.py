"""Money: whole minor units with a currency, never a float."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision

from amparo.kernel.errors import Invalid


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in minor units (cents, kopecks) of an ISO 4217 currency."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, int) or isinstance(self.amount, bool):
            raise TypeError("an amount is a whole number of minor units")
        if len(self.currency) != 3 or not self.currency.isalpha() or not self.currency.isupper():
            raise ValueError(f"not an ISO 4217 currency: {self.currency!r}")

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.amount + other.amount, self.currency)

    def decimal(self) -> Decimal:
        """The amount in the currency's main unit."""
        return Decimal(self.amount).scaleb(-precision(self.currency))

    def format(self, language: str) -> str:
        """As a reader of that language expects to see it (CLDR)."""
        try:
            locale = Locale.parse(language, sep="-")
        except (UnknownLocaleError, ValueError):
            locale = Locale("en")
        return str(format_currency(self.decimal(), self.currency, locale=locale))


def precision(currency: str) -> int:
    """How many digits the currency has after the point (2 for EUR, 0 for JPY)."""
    return int(get_currency_precision(currency))


def from_decimal(text: str, currency: str) -> Money:
    """Read ``"12.90"`` exactly.

    Raises:
        Invalid: not a number, or more digits than the currency has.
    """
    try:
        scaled = Decimal(text.strip()).scaleb(precision(currency))
    except InvalidOperation:
        raise Invalid("amount_unreadable", text=text[:40]) from None
    if not scaled.is_finite() or scaled != scaled.to_integral_value() or abs(scaled) > 10**15:
        raise Invalid("amount_unreadable", text=text[:40])
    return Money(int(scaled), currency)
