"""The words of formulas: how the inputs and functions that a rule's text names are read in Chinese and English."""

import re

FUNCTIONS = {
    "choose": ("若", "if"),
    "low": ("取小", "lower of"),
    "high": ("取大", "higher of"),
    "clip": ("限于", "within"),
}
NAMES = {
    "a": ("a系数", "coefficient a"),
    "account": ("个人账户养老金", "account pension"),
    "account_balance": ("个人账户储存额", "account balance"),
    "adjustment": ("新老办法差额", "difference of the methods"),
    "annual_payment": ("年缴费额", "yearly payment"),
    "annual_subsidy": ("年补贴额", "yearly subsidy"),
    "available": ("可抵扣额", "available"),
    "average_index": ("平均缴费工资指数", "average index"),
    "average_wage": ("当地月平均工资", "average wage"),
    "award_balance": ("核定时储存额", "balance at the award"),
    "band": ("档次月数", "months of the band"),
    "base": ("缴费基数", "contribution base"),
    "base_rate": ("基准费率", "base rate"),
    "base_total": ("缴费工资总额", "total of the bases"),
    "basic": ("基础养老金", "basic pension"),
    "basic_rate": ("每年计发比例", "rate for a year"),
    "calc_base": ("计发基数", "calculation base"),
    "cap": ("上限", "upper limit"),
    "coefficient": ("过渡系数", "transitional coefficient"),
    "credited": ("本年记账额", "credited this year"),
    "daily_rate": ("日加收率", "daily rate"),
    "days": ("天数", "days"),
    "deemed_account": ("视同账户储存额", "deemed account"),
    "deemed_index": ("视同缴费指数", "deemed index"),
    "deemed_months": ("视同缴费月数", "deemed months"),
    "divisor": ("计发系数", "divisor"),
    "factor": ("系数", "factor"),
    "flat": ("定额", "flat amount"),
    "float_factor": ("浮动系数", "float factor"),
    "floor": ("下限", "lower limit"),
    "from_years": ("起算年限", "years counted from"),
    "full_years": ("满年数", "full years"),
    "index_months": ("指数与月数之积", "index times months"),
    "interest": ("利息", "interest"),
    "last_month_payable": ("上月应缴额", "payable last month"),
    "lower": ("低龄计发月数", "payout months, lower age"),
    "maximum": ("最多延迟月数", "most months of delay"),
    "method_amount": ("新老办法对比额", "amount of the method"),
    "month_product": ("月积数", "month product"),
    "monthly": ("每月金额", "monthly amount"),
    "monthly_base": ("月平均缴费基数", "monthly base"),
    "monthly_income_base": ("月人均可支配收入", "monthly income per head"),
    "monthly_pension": ("月养老金", "monthly pension"),
    "months": ("月数", "months"),
    "months_over": ("超出整岁月数", "months over the age"),
    "new": ("新办法金额", "new method"),
    "offset": ("距起始月数", "months since the start"),
    "old": ("老办法金额", "old method"),
    "on_credits": ("记账额利息", "interest on credits"),
    "on_opening": ("余额利息", "interest on the opening balance"),
    "one": ("单位部分", "employer's part"),
    "opening": ("上年余额", "opening balance"),
    "other": ("个人部分", "own part"),
    "overpaid": ("多发金额", "overpaid"),
    "paid": ("已发金额", "paid"),
    "payout_months": ("计发月数", "payout months"),
    "payroll": ("工资总额", "payroll"),
    "pension": ("基本养老金", "pension"),
    "per_year": ("每年金额", "amount for a year"),
    "percent": ("比例", "percent"),
    "percent_part": ("按水平部分", "part by percent"),
    "phase_in_rate": ("过渡比例", "phase-in rate"),
    "pool_rate": ("统筹转移比例", "pool rate"),
    "principal": ("欠缴本金", "principal"),
    "rate": ("比率", "rate"),
    "ratio": ("比例", "ratio"),
    "reference_wage": ("基准工资", "reference wage"),
    "step": ("延迟步长月数", "months per step"),
    "supplement": ("年限增加额", "supplement by years"),
    "threshold": ("指数门槛", "threshold"),
    "tilt": ("倾斜增加额", "tilted part"),
    "transitional": ("过渡性养老金", "transitional pension"),
    "upper": ("高龄计发月数", "payout months, higher age"),
    "wage": ("工资", "wage"),
    "weighted_index_years": ("加权指数年限", "weighted index years"),
    "year_credits": ("当年记账额", "credits of the year"),
    "years": ("年数", "years"),
    "years_part": ("按年限部分", "part by years"),
    "years_received": ("已领取年数", "years received"),
}
WHOLE = ("（取整数）", " (whole part)")
_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*(\()?")


def worded(text: str, language: str = "zh") -> str:
    """A formula's text, names or numbers, in words of the language; a name without words stays as it is."""
    pick = 0 if language.lower().startswith("zh") else 1

    def word(found: re.Match[str]) -> str:
        name, call = found[0].rstrip("("), found[1] or ""
        known = FUNCTIONS.get(name) if call else NAMES.get(name)
        return (known[pick] if known else name) + call

    return _WORD.sub(word, text.replace(".floor()", WHOLE[pick]))
