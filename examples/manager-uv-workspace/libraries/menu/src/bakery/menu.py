"""What the bakery bakes. The package `bakery` is a namespace: each library brings a part of it."""
from attrs import frozen


@frozen
class Bread:
    """One kind of bread; the price is in cents."""

    name: str
    grams: int
    price: int


MENU = {bread.name: bread for bread in (Bread("rye", 750, 420), Bread("spelt", 500, 480), Bread("baguette", 250, 160))}
