"""openfisca-core: variables are float32, formulas are vectorised by numpy."""

import numpy as np


def system(work):
    """The tax and benefit system that says these rules."""
    from openfisca_core.entities import Entity
    from openfisca_core.parameters import ParameterNode
    from openfisca_core.periods import DateUnit
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    doctor = Entity("person", "persons", "doctor", "")
    made = TaxBenefitSystem([doctor])
    made.parameters = ParameterNode("", data={f"i{k}": _parameters(rule) for k, rule in enumerate(work.rules)})

    def add(name, kind, formula=None):
        body = {"value_type": kind, "entity": doctor, "definition_period": DateUnit.MONTH, "label": name}
        made.add_variable(type(name, (Variable,), body | ({"formula": formula} if formula else {})))

    add("peers", int)
    for k, rule in enumerate(work.rules):
        add(f"n{k}", float)
        add(f"d{k}", float)
        add(f"r{k}", float, _value(k))
        add(f"s{k}", float, _points(k, rule["curve"]))
    add("total", float, _total(len(work.rules)))
    return made


def run(work, made):
    """The totals of every row."""
    from openfisca_core.simulations import SimulationBuilder

    simulation = SimulationBuilder().build_default_simulation(made, count=work.people)
    months = [f"2025-{month + 1:02d}" for month in range(work.months)]
    for month, period in enumerate(months):
        rows = slice(month * work.people, (month + 1) * work.people)
        simulation.set_input("peers", period, work.groups)
        for k in range(len(work.rules)):
            simulation.set_input(f"n{k}", period, work.over[k][rows])
            simulation.set_input(f"d{k}", period, work.under[k][rows])
    return np.concatenate([simulation.calculate("total", period) for period in months])


def _parameters(rule):
    plain = {"weight": rule["weight"]}
    if rule["curve"] == "linear":
        plain |= {"zero": rule["zero"], "full": rule["full"]}
    if rule["curve"] == "range":
        (low, high), (bottom, top) = rule["best"], rule["zero"]
        plain |= {"low": low, "high": high, "bottom": bottom, "top": top}
    found = {name: _since(value) for name, value in plain.items()}
    if rule["curve"] == "steps":
        rows = zip([0.0, *rule["cuts"]], rule["points"], strict=True)
        brackets = [{"threshold": _since(cut), "amount": _since(points)} for cut, points in rows]
        found["scale"] = {"metadata": {"type": "single_amount"}, "brackets": brackets}
    return found


def _since(value):
    return {"values": {"2020-01-01": {"value": value}}}


def _value(k):
    def formula(person, period):
        over, under = person(f"n{k}", period), person(f"d{k}", period)
        with np.errstate(all="ignore"):
            return np.where(under > 0, over / under, np.nan)

    return formula


def _points(k, curve):
    def formula(person, period, parameters):
        value, rule = person(f"r{k}", period), parameters(period)[f"i{k}"]
        if curve == "linear":
            found = np.clip((value - rule.zero) / (rule.full - rule.zero), 0, 1) * 100
        elif curve == "steps":
            found = np.where(np.isnan(value), np.nan, rule.scale.calc(np.nan_to_num(value), right=False))
        elif curve == "range":
            short = np.maximum(rule.low - value, 0) / (rule.low - rule.bottom)
            beyond = np.maximum(value - rule.high, 0) / (rule.top - rule.high)
            found = np.maximum(100 - 100 * (short + beyond), 0)
        else:
            found = _places(value, person("peers", period)) * 100
        return np.round(found, 2)

    return formula


def _places(value, groups):
    rows = np.flatnonzero(~np.isnan(value))
    order = rows[np.lexsort((value[rows], groups[rows]))]
    held, own = value[order], groups[order]
    counts = np.bincount(own, minlength=int(groups.max()) + 1)
    starts = np.cumsum(counts) - counts
    new = np.r_[True, (held[1:] != held[:-1]) | (own[1:] != own[:-1])]
    first = np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))
    found = np.full(len(value), np.nan)
    found[order] = (first - starts[own]) / np.maximum(counts[own] - 1, 1)
    return found


def _total(count):
    def formula(person, period, parameters):
        total = weights = 0
        rules = parameters(period)
        for k in range(count):
            points, weight = person(f"s{k}", period), rules[f"i{k}"].weight
            is_there = ~np.isnan(points)
            total = total + np.where(is_there, points * weight, 0)
            weights = weights + weight * is_there
        with np.errstate(all="ignore"):
            return np.round(total / weights, 2)

    return formula
