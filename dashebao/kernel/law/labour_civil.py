"""Acts on labour inspection, social relief, marriage, and the civil code's rules of time."""

from __future__ import annotations

from datetime import date

from dashebao.kernel.law.acts import Act, register

CIVIL_CODE = Act("CC", "中华人民共和国民法典", "Civil Code", "主席令第45号", date(2021, 1, 1), articles=1260)
LICENSING_LAW = Act(
    "XK", "中华人民共和国行政许可法", "Administrative Licensing Law", "主席令第7号", date(2004, 7, 1), articles=83
)
PENALTY_LAW = Act(
    "CF", "中华人民共和国行政处罚法", "Administrative Penalty Law", "主席令第70号", date(2021, 7, 15), articles=86
)
REVIEW_LAW = Act(
    "FY", "中华人民共和国行政复议法", "Administrative Reconsideration Law", "主席令第9号", date(2024, 1, 1), articles=90
)
COMPULSION_LAW = Act(
    "QZ", "中华人民共和国行政强制法", "Administrative Compulsion Law", "主席令第49号", date(2012, 1, 1), articles=71
)
LABOUR_LAW = Act("LD", "中华人民共和国劳动法", "Labour Law", "主席令第28号", date(1995, 1, 1), articles=107)
LABOUR_CONTRACT_LAW = Act(
    "LDHT", "中华人民共和国劳动合同法", "Labour Contract Law", "主席令第65号", date(2008, 1, 1), articles=98
)
LABOUR_INSPECTION_RULES = Act(
    "JC",
    "劳动保障监察条例",
    "Regulations on Labour Security Inspection",
    "国务院令第423号",
    date(2004, 12, 1),
    articles=36,
)
LABOUR_INSPECTION_PROVISIONS = Act(
    "JCG",
    "关于实施《劳动保障监察条例》若干规定",
    "Provisions on Implementing the Labour Inspection Regulations",
    "劳动和社会保障部令第25号",
    date(2005, 2, 1),
)
MIGRANT_WAGE_RULES = Act(
    "BZ",
    "保障农民工工资支付条例",
    "Regulations on Paying Migrant Workers' Wages",
    "国务院令第724号",
    date(2020, 5, 1),
    articles=64,
)
SOCIAL_RELIEF_RULES = Act(
    "JZ", "社会救助暂行办法", "Interim Measures on Social Relief", "国务院令第649号", date(2014, 5, 1), articles=70
)
DIBAO_RULES = Act(
    "DB",
    "最低生活保障审核确认办法",
    "Measures on Reviewing and Confirming Minimum Living Allowance",
    "民发〔2021〕57号",
    date(2021, 7, 1),
)
MARRIAGE_RULES = Act("HY", "婚姻登记条例", "Marriage Registration Regulations", "国务院令第804号", date(2025, 5, 10))
DIVORCE_NOTICE = Act(
    "MF116",
    "民政部关于贯彻落实《中华人民共和国民法典》中有关婚姻登记规定的通知",
    "Notice on Marriage Registration under the Civil Code",
    "民发〔2020〕116号",
    date(2021, 1, 1),
)

register(*(value for value in list(vars().values()) if isinstance(value, Act)))
