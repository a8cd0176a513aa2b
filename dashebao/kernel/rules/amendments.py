"""Approved values laid over the parameter files for good: checked like the files, cited in every trace that uses them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from dashebao.kernel.rules.errors import RulesError
from dashebao.kernel.rules.parameters import Bracket, Parameter, Reference, Value, Version, in_force
from dashebao.kernel.rules.values import CNY, NotExact, decimal_text, number

Parameters = dict[str, dict[str, Parameter]]


class AmendmentRefused(RulesError):
    """A value cannot be laid over the files; the sentence says why and what to do."""


@dataclass(frozen=True)
class Amendment:
    """A parameter of a region (scope prefix, "" the nation) has `value` from `since` on, by an act.

    `threshold` names the bracket of a scale; money is in yuan, as the files write it.
    """

    name: str
    region: str
    since: date
    value: Value
    reference: Reference
    verified: str = "verified"
    threshold: Fraction | None = None


def nearest(regions: Mapping[str, Parameter], region: str) -> Parameter | None:
    """The parameter that counts for a region: its own, else that of the city, the province, the nation."""
    for size in range(len(region), -1, -2):
        if region[:size] in regions:
            return regions[region[:size]]
    return None


def read_value(parameter: Parameter, text: str) -> Value:
    """A written value in the parameter's own kind: a number, a list of numbers, yes or no; AmendmentRefused if not."""
    sample = next((v.value for v in reversed(parameter.versions) if v.value is not None), Fraction(0))
    given = text.strip()
    if isinstance(sample, bool):
        known = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}
        if given.lower() not in known:
            raise AmendmentRefused("请填写“是”或“否”", "write yes or no")
        return known[given.lower()]
    try:
        if isinstance(sample, tuple):
            return tuple(number(part) for part in given.replace("，", ",").replace("、", ",").split(","))
        return number(given.replace(",", ""))
    except NotExact as error:
        raise AmendmentRefused(f"“{given}”不是十进制数", f"“{given}” is not a number in decimals") from error


def written(value: Value) -> str:
    """A value as the files write it."""
    if isinstance(value, tuple):
        return ", ".join(map(written, value))
    if isinstance(value, bool) or not isinstance(value, Fraction):
        return str(value).lower()
    text = decimal_text(value)
    return str(value) if text.endswith("…") else text


def versions_of(parameter: Parameter, threshold: Fraction | None) -> tuple[Version, ...]:
    """The dated values an amendment joins: the parameter's own, or those of one bracket's amount."""
    if threshold is None:
        return parameter.versions
    return _bracket(parameter, threshold).amount


def _bracket(parameter: Parameter, threshold: Fraction) -> Bracket:
    for bracket in parameter.brackets:
        if any(version.value == threshold for version in bracket.threshold):
            return bracket
    raise AmendmentRefused(
        f"参数 {parameter.name} 没有档次 {threshold}", f"the scale {parameter.name} has no bracket {threshold}"
    )


def check(known: Parameters, amendment: Amendment) -> None:
    """Refuse what the files' own rules would refuse: overlap, gap, a value of another kind, a change of nothing."""
    regions = known.get(amendment.name)
    if not regions:
        raise AmendmentRefused(f"没有名为 {amendment.name} 的参数", f"there is no parameter {amendment.name}")
    own, base = regions.get(amendment.region), nearest(regions, amendment.region)
    if base is None:
        base = next(iter(regions.values()))
    if bool(base.brackets) != (amendment.threshold is not None):
        raise AmendmentRefused("请选择要修改的档次", "choose the bracket of the scale that changes")
    if own is None and (base.yearly or base.brackets):
        raise AmendmentRefused(
            "该地区没有自己的历年数据；历年数据和分档表须先以参数文件整体载入",
            "this region has no series of its own: a yearly series or a scale is first loaded whole as a file",
        )
    _check_place(base, amendment, versions_of(own, amendment.threshold) if own else ())
    _check_value(base, amendment)


def _check_place(base: Parameter, amendment: Amendment, versions: tuple[Version, ...]) -> None:
    day = amendment.since
    if any(version.since == day for version in versions):
        raise AmendmentRefused(
            f"该参数自 {day} 起已有数值，两个数值不能同日生效；请改用其他生效日期",
            f"there is a value from {day} already and two cannot begin on one day; choose another date",
        )
    if base.yearly and versions:
        expected = date(versions[-1].since.year + 1, 1, 1)
        if day != expected:
            raise AmendmentRefused(
                f"该参数按年公布，下一个数值须自 {expected} 起生效，否则年度之间会重叠或空缺",
                f"this is a yearly figure: the next value begins on {expected}, or years would overlap or be missing",
            )
        return
    before = in_force(versions, day)
    if before is not None and before.value is None:
        raise AmendmentRefused(
            f"该参数已于 {before.since} 终止，自 {day} 起再设数值会留下空缺；请先补齐中间期间",
            f"the parameter ended on {before.since}; a value from {day} would leave a gap: fill the time between first",
        )
    if before is not None and before.value == amendment.value:
        raise AmendmentRefused(
            f"自 {before.since} 起已是该数值，变更不产生任何效果",
            f"this is the value already since {before.since}: the change would change nothing",
        )


def _check_value(base: Parameter, amendment: Amendment) -> None:
    values = amendment.value if isinstance(amendment.value, tuple) else (amendment.value,)
    for value in values:
        if isinstance(value, bool) or not isinstance(value, Fraction):
            continue
        if base.unit is CNY and (value * 100).denominator != 1:
            raise AmendmentRefused("金额最多保留两位小数", "an amount of money has at most two decimals")
        if value < 0 or (base.unit.code == "/1" and value > 10):
            raise AmendmentRefused(
                f"数值 {written(value)} 不合理：比例写成小数，例如 0.08",
                f"{written(value)} is out of range: write a rate as 0.08",
            )


def amended(files: Parameters, amendments: Iterable[Amendment]) -> Parameters:
    """The parameters of the files with the amendments in place; the given mapping is not touched."""
    out = dict(files)
    for amendment in sorted(amendments, key=lambda one: one.since):
        regions = out.get(amendment.name)
        if not regions:
            continue  # the system that owned the parameter is not installed here
        own = regions.get(amendment.region) or replace(
            nearest(regions, amendment.region) or next(iter(regions.values())), region=amendment.region, versions=()
        )
        out[amendment.name] = {**regions, amendment.region: _with(own, amendment)}
    return out


def _with(parameter: Parameter, amendment: Amendment) -> Parameter:
    version = Version(amendment.since, amendment.value, (amendment.reference,), amendment.verified)
    if amendment.threshold is None:
        return replace(parameter, versions=_placed(parameter.versions, version))
    changed = _bracket(parameter, amendment.threshold)
    brackets = tuple(
        replace(bracket, amount=_placed(bracket.amount, version)) if bracket is changed else bracket
        for bracket in parameter.brackets
    )
    return replace(parameter, brackets=brackets)


def _placed(versions: tuple[Version, ...], new: Version) -> tuple[Version, ...]:
    kept = [version for version in versions if version.since != new.since]
    return tuple(sorted([*kept, new], key=lambda version: version.since))
