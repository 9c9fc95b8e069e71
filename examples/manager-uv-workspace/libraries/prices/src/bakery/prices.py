"""What breads cost, for people to read."""
from babel.numbers import format_currency

from bakery.menu import Bread


def total(breads: list[Bread]) -> int:
    """Cents; every fourth bread costs half, the cheapest first."""
    prices = sorted(bread.price for bread in breads)
    return sum(prices) - sum(price // 2 for price in prices[: len(prices) // 4])


def shown(cents: int, locale: str = "en_IE") -> str:
    return format_currency(cents / 100, "EUR", locale=locale)
