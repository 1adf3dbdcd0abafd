"""`- transfer: {…}` → model."""

from typing import get_args

from perf.kernel.issues import Place
from perf.specs.fields import Fields
from perf.specs.transfer_models import OnDifference, ShortAccount, Transfer

_EXAMPLE = "item.price * item.provider_share"


def read_transfer(fields: Fields, place: Place, title: str) -> Transfer | None:
    """A transfer between members; None where its list, provided measure, price or account is missing."""
    line, items = fields.text("line", title), fields.text("list", example="market_services")
    provided = fields.formula("provided", example="services_provided")
    received = fields.formula("received")
    price = fields.formula("price", example=_EXAMPLE)
    differs: OnDifference = fields.choice("on_difference", get_args(OnDifference), "hold")
    account = fields.text("account", example="pool")
    short: ShortAccount = fields.choice("short", get_args(ShortAccount), "refuse")
    if not items or not account or provided is None or price is None:
        return None
    return Transfer(line, items, provided, received, price, differs, account, short, place)
