"""The lines of the pension's law: pure arithmetic, the same for one person and for columns."""

from __future__ import annotations

from dashebao.kernel.law.api import (
    ACCOUNT_RULES,
    GUANGDONG_PENSION,
    GUANGDONG_SUPPLEMENT_2009,
    GUANGDONG_SUPPLEMENT_2014,
    GUANGDONG_TRANSITION,
    HANDLING_RULES,
    PENSION_2005,
    PENSION_INCREASE,
    PENSION_TRANSFER,
    RETIREMENT_DELAY,
    SOCIAL_INSURANCE_LAW,
    SURVIVOR_RULES,
)
from dashebao.kernel.rules.api import Count, Months, Ratio, Rounding, Years, Yuan, choose, clip, high, line, low

PER_ITEM = Rounding(2, "RR1 每个入账项目四舍五入到分一次 / once per posted item, to the fen")
INDEX = Rounding(4, "RR3 缴费工资指数保留四位小数 / contribution indexes to 4 decimals", money=False)
TENTH = Rounding(1, "RR5 计发月数保留一位小数 / payout months to 1 decimal", money=False)


@line("pension.delay", "延迟月数", "months of delay", RETIREMENT_DELAY[1])
def delay_months(offset: Months, step: Months, maximum: Months) -> Months:
    """Months added to the old retirement age, from the months between the first birth concerned and this birth."""
    return choose(offset < 0, 0, low(maximum, (offset / step).floor() + 1))


@line("pension.payout_months", "计发月数", "payout months", PENSION_2005["附件"])
def payout_between(lower: Months, upper: Months, months_over: Months) -> Months:
    """Payout months of an age with months: linear between whole ages."""
    return (lower + (upper - lower) * months_over / 12).rounded(TENTH)


@line("pension.interest_on_opening", "上年余额利息", "interest on the opening balance", ACCOUNT_RULES["第十四条"])
def opening_interest(opening: Yuan, rate: Ratio, months: Months) -> Yuan:
    """Interest on last year's balance for the months it stood."""
    return (opening * rate * months / 12).rounded(PER_ITEM)


@line("pension.interest_on_credits", "当年记账额利息", "interest on the year's credits", ACCOUNT_RULES["第十四条"])
def credit_interest(month_product: Yuan, rate: Ratio) -> Yuan:
    """Interest on credits by their month product."""
    return (month_product * rate / 12).rounded(PER_ITEM)


@line("pension.closing", "年末余额", "closing balance", ACCOUNT_RULES["第十四条"])
def closing_balance(opening: Yuan, credited: Yuan, on_opening: Yuan, on_credits: Yuan) -> Yuan:
    """The balance carried forward."""
    return opening + credited + on_opening + on_credits


@line("pension.annual_opening", "上年余额本息", "opening balance with interest", ACCOUNT_RULES["第十四条"])
def annual_opening(opening: Yuan, rate: Ratio) -> Yuan:
    """Last year's balance with a year's interest."""
    return (opening * (1 + rate)).rounded(PER_ITEM)


@line("pension.annual_credits", "当年记账额本息", "credits with interest", ACCOUNT_RULES["第十四条"])
def annual_credits(year_credits: Yuan, rate: Ratio, factor: Ratio) -> Yuan:
    """The year's credits with half a year's interest, corrected by 13/12."""
    return (year_credits * (1 + rate * factor / 2)).rounded(PER_ITEM)


@line("pension.year_index", "年缴费工资指数", "index of the year", PENSION_2005["第六条"], GUANGDONG_PENSION["第三条"])
def year_index(monthly_base: Yuan, average_wage: Yuan) -> Ratio:
    """A year's monthly base over the average wage."""
    return (monthly_base / average_wage).rounded(INDEX)


@line("pension.average_index", "平均缴费工资指数", "average index", PENSION_2005["第六条"])
def average_index(index_months: Ratio, months: Months) -> Ratio:
    """Year indexes weighted by months paid."""
    return (index_months / months).rounded(INDEX)


@line("pension.basic", "基础养老金", "basic pension", PENSION_2005["第六条"])
def basic_pension(calc_base: Yuan, average_index: Ratio, months: Months, basic_rate: Ratio) -> Yuan:
    """Mean of the calculation base and the indexed wage, 1 % for each year."""
    return ((calc_base + calc_base * average_index) / 2 * months / 12 * basic_rate).rounded(PER_ITEM)


@line("pension.account", "个人账户养老金", "account pension", PENSION_2005["第六条"])
def account_pension(account_balance: Yuan, payout_months: Months) -> Yuan:
    """The balance spread over the payout months."""
    return (account_balance / payout_months).rounded(PER_ITEM)


@line("pension.transitional", "过渡性养老金", "transitional pension", PENSION_2005["第六条"])
def transitional_pension(calc_base: Yuan, deemed_index: Ratio, deemed_months: Months, coefficient: Ratio) -> Yuan:
    """For each deemed year a share of the indexed wage."""
    return (calc_base * deemed_index * deemed_months / 12 * coefficient).rounded(PER_ITEM)


@line("pension.total", "基本养老金合计", "pension", "RR1")
def pension_total(basic: Yuan, account: Yuan, transitional: Yuan, adjustment: Yuan) -> Yuan:
    """A sum of rounded parts, not rounded again."""
    return basic + account + transitional + adjustment


@line("pension.guangdong.a", "a系数", "coefficient a", GUANGDONG_PENSION["第三条"])
def coefficient_a(average_index: Ratio, threshold: Ratio) -> Ratio:
    """1 from the threshold on, below it the index over the threshold."""
    return choose(average_index >= threshold, 1, average_index / threshold).rounded(INDEX)


@line("pension.guangdong.basic", "基础养老金", "basic pension", PENSION_2005["第六条"], GUANGDONG_PENSION["第三条"])
def guangdong_basic(a: Ratio, calc_base: Yuan, average_index: Ratio, months: Months, basic_rate: Ratio) -> Yuan:
    """Guangdong's basic pension, the calculation base reduced by a."""
    return ((a * calc_base + calc_base * average_index) / 2 * months / 12 * basic_rate).rounded(PER_ITEM)


@line("pension.guangdong.years_supplement", "年限增加额", "supplement by years", GUANGDONG_SUPPLEMENT_2014["全文"])
def years_supplement(per_year: Yuan, full_years: Years) -> Yuan:
    """A fixed amount for every full year."""
    return per_year * full_years


@line(
    "pension.guangdong.transitional",
    "过渡性养老金",
    "transitional line",
    GUANGDONG_TRANSITION["全文"],
    GUANGDONG_SUPPLEMENT_2009["全文"],
)
def guangdong_transitional(method_amount: Yuan, flat: Yuan, supplement: Yuan) -> Yuan:
    """The amount of the method, the flat supplement and the supplement by years."""
    return (method_amount + flat + supplement).rounded(PER_ITEM)


@line("pension.guangdong.old_method", "原办法过渡性养老金", "old method", GUANGDONG_PENSION["第三条"])
def old_method(deemed_account: Yuan, divisor: Months) -> Yuan:
    """The deemed account over 120 months; not a posted item, so not rounded."""
    return deemed_account / divisor


@line("pension.guangdong.new_method", "新办法过渡性养老金", "new method", GUANGDONG_TRANSITION["全文"])
def new_method(calc_base: Yuan, weighted_index_years: Years, rate: Ratio) -> Yuan:
    """The calculation base times the sum of index x years; not a posted item, so not rounded."""
    return calc_base * weighted_index_years * rate


@line("pension.guangdong.adjustment", "新老办法差额", "difference of the methods", GUANGDONG_TRANSITION["全文"])
def method_difference(new: Yuan, old: Yuan, supplement: Yuan, phase_in_rate: Ratio) -> Yuan:
    """What the new method gives beyond the old one and the supplement, phased in."""
    return (high(0, new - old - supplement) * phase_in_rate).rounded(PER_ITEM)


@line("pension.increase", "调整增加额", "increase", PENSION_INCREASE["全文"])
def yearly_increase(flat: Yuan, years_part: Yuan, percent_part: Yuan, tilt: Yuan) -> Yuan:
    """Flat amount, by years, by percent, and the tilt."""
    return flat + years_part + percent_part + tilt


@line("pension.increase_by_years", "按缴费年限挂钩", "increase by years", PENSION_INCREASE["全文"])
def increase_by_years(per_year: Yuan, years: Years) -> Yuan:
    """An amount for every year counted."""
    return (per_year * years).rounded(PER_ITEM)


@line("pension.increase_by_percent", "按养老金水平挂钩", "increase by percent", PENSION_INCREASE["全文"])
def increase_by_percent(pension: Yuan, percent: Ratio) -> Yuan:
    """A share of the December pension."""
    return (pension * percent).rounded(PER_ITEM)


@line("pension.survivor.months", "抚恤金发放月数", "months of survivors' grant", SURVIVOR_RULES["第五条"])
def survivor_months(band: Months, years: Years, from_years: Years, cap: Months) -> Months:
    """The band's months, one more for every year above the last band, up to the cap."""
    return low(cap, band + high(0, years - from_years))


@line("pension.survivor.months_left", "抵减后月数", "months after deduction", SURVIVOR_RULES["第五条"])
def survivor_months_left(months: Months, years_received: Years, floor: Months) -> Months:
    """A pensioner's months less one for every year received, not below the floor."""
    return high(floor, months - years_received)


@line("pension.survivor.amount", "金额", "amount", SURVIVOR_RULES["第四条"])
def by_income(monthly_income_base: Yuan, months: Months) -> Yuan:
    """Months of the province's urban disposable income."""
    return (monthly_income_base * months).rounded(PER_ITEM)


@line("pension.transfer.pool", "统筹基金转移额", "pool money that moves", PENSION_TRANSFER[4])
def transfer_pool(base_total: Yuan, pool_rate: Ratio) -> Yuan:
    """12 % of the contribution wages since 1998."""
    return (base_total * pool_rate).rounded(PER_ITEM)


@line("pension.inherited", "可继承余额", "balance for heirs", SOCIAL_INSURANCE_LAW[14])
def inherited(award_balance: Yuan, interest: Yuan, paid: Yuan) -> Yuan:
    """What is left of the account, never below nothing."""
    return high(0, award_balance + interest - paid)


@line("pension.paid_out", "已发放个人账户养老金", "account pension paid", SOCIAL_INSURANCE_LAW[14])
def paid_out(monthly: Yuan, months: Count) -> Yuan:
    """Months of account pension."""
    return (monthly * months).rounded(PER_ITEM)


@line("pension.overpaid", "多发金额", "overpaid", HANDLING_RULES[46])
def overpaid_amount(monthly_pension: Yuan, months: Count) -> Yuan:
    """The pension of the months after death."""
    return (monthly_pension * months).rounded(PER_ITEM)


@line("pension.offset", "抵扣金额", "offset", HANDLING_RULES[46])
def offset_amount(overpaid: Yuan, available: Yuan) -> Yuan:
    """What the survivors' money covers."""
    return clip(available, 0, overpaid)
