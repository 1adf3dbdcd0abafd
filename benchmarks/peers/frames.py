"""pandas and polars, one column an indicator; points and totals rounded to 2 digits by the library itself."""

import numpy as np


def with_pandas(work):
    """(points by indicator, total) of every row."""
    import pandas as pd

    frame = {"month": np.repeat(np.arange(work.months), work.people), "group": np.tile(work.groups, work.months)}
    key = [pd.Series(frame["month"]), pd.Series(frame["group"])]
    points, total, weights = [], 0.0, 0.0
    for k, rule in enumerate(work.rules):
        over, under = pd.Series(work.over[k]), pd.Series(work.under[k])
        value = (over / under).where(under > 0)
        found = _pandas_points(pd, value, rule, key).round(2)
        points.append(found)
        total = total + (found * rule["weight"]).fillna(0)
        weights = weights + found.notna() * rule["weight"]
    return points, (total / weights).round(2).to_numpy()


def _pandas_points(pd, value, rule, key):
    match rule["curve"]:
        case "linear":
            return ((value - rule["zero"]) / (rule["full"] - rule["zero"])).clip(0, 1) * 100
        case "steps":
            bins = [-np.inf, *rule["cuts"], np.inf]
            places = pd.cut(value, bins, right=False, labels=False)
            return places.map(dict(enumerate(rule["points"])))
        case "range":
            low, high = rule["best"]
            short = (low - value).clip(lower=0) / (low - rule["zero"][0])
            beyond = (value - high).clip(lower=0) / (rule["zero"][1] - high)
            return (100 - 100 * (short + beyond)).clip(lower=0)
        case _:
            grouped = value.groupby(key)
            return (grouped.rank(method="min") - 1) / (grouped.transform("count") - 1).clip(lower=1) * 100


def with_polars(work, engine="streaming"):
    """(points by indicator, total) of every row, in their order."""
    import polars as pl

    column, count = pl.col, len(work.rules)
    frame = pl.DataFrame(
        {"row": np.arange(work.rows), "month": np.repeat(np.arange(work.months), work.people)}
        | {"group": np.tile(work.groups, work.months)}
        | {f"n{k}": work.over[k] for k in range(count)}
        | {f"d{k}": work.under[k] for k in range(count)}
    )
    values = [pl.when(column(f"d{k}") > 0).then(column(f"n{k}") / column(f"d{k}")).alias(f"r{k}") for k in range(count)]
    points = [_polars_points(pl, column(f"r{k}"), rule).round(2).alias(f"s{k}") for k, rule in enumerate(work.rules)]
    total = pl.sum_horizontal([column(f"s{k}") * rule["weight"] for k, rule in enumerate(work.rules)])
    weights = pl.sum_horizontal([column(f"s{k}").is_not_null() * rule["weight"] for k, rule in enumerate(work.rules)])
    query = (
        frame.lazy().with_columns(values).with_columns(points).with_columns((total / weights).round(2).alias("total"))
    )
    found = query.select("row", *[f"s{k}" for k in range(count)], "total").collect(engine=engine).sort("row")
    return found, found["total"].to_numpy()


def _polars_points(pl, value, rule):
    match rule["curve"]:
        case "linear":
            return ((value - rule["zero"]) / (rule["full"] - rule["zero"])).clip(0, 1) * 100
        case "steps":
            chosen = pl.when(value.is_null()).then(pl.lit(None, pl.Float64))
            for cut, points in zip(reversed(rule["cuts"]), reversed(rule["points"][1:]), strict=True):
                chosen = chosen.when(value >= cut).then(pl.lit(points))
            return chosen.otherwise(pl.lit(rule["points"][0]))
        case "range":
            low, high = rule["best"]
            short = pl.max_horizontal(low - value, 0.0) / (low - rule["zero"][0])
            beyond = pl.max_horizontal(value - high, 0.0) / (rule["zero"][1] - high)
            return pl.when(value.is_not_null()).then(pl.max_horizontal(100 - 100 * (short + beyond), 0.0))
        case _:
            place = value.rank("min").over("month", "group") - 1
            others = pl.max_horizontal(value.count().over("month", "group") - 1, 1)
            return place / others * 100
