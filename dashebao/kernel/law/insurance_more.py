"""Further acts the insurance handbook cites: groups of insured people, medical care, injury, and checking."""

from __future__ import annotations

from datetime import date

from dashebao.kernel.law.acts import Act, register

FOREIGNERS_INSURANCE = Act(
    "L16",
    "在中国境内就业的外国人参加社会保险暂行办法",
    "Interim Measures on Social Insurance of Foreigners Working in China",
    "人社部令第16号",
    date(2011, 10, 15),
)
HONG_KONG_MACAO_TAIWAN_INSURANCE = Act(
    "L41",
    "香港澳门台湾居民在内地（大陆）参加社会保险暂行办法",
    "Interim Measures on Social Insurance of Hong Kong, Macao and Taiwan Residents",
    "人社部令第41号",
    date(2020, 1, 1),
)
PUBLIC_SECTOR_PENSION = Act(
    "G2",
    "国务院关于机关事业单位工作人员养老保险制度改革的决定",
    "State Council Decision on Reforming Public-Sector Pensions",
    "国发〔2015〕2号",
    date(2014, 10, 1),
)
PUBLIC_SECTOR_TRANSFER = Act(
    "RG1",
    "机关事业单位基本养老保险关系和职业年金转移接续经办规程（暂行）",
    "Rules on Transferring Public-Sector Pensions and Occupational Annuities",
    "人社厅发〔2017〕7号",
    date(2017, 1, 18),
)
MILITARY_INSURANCE_LAW = Act(
    "JB", "中华人民共和国军人保险法", "Military Insurance Law", "主席令第56号", date(2012, 7, 1), articles=51
)
MEDICAL_INSURANCE_1998 = Act(
    "G44",
    "国务院关于建立城镇职工基本医疗保险制度的决定",
    "State Council Decision on Employee Basic Medical Insurance",
    "国发〔1998〕44号",
    date(1998, 12, 14),
)
MEDICAL_SECURITY_LAW = Act(
    "YB", "中华人民共和国医疗保障法", "Medical Security Law", "主席令第80号", date(2027, 1, 1), articles=56
)
MEDICAL_ASSISTANCE = Act(
    "G42",
    "国务院办公厅关于健全重特大疾病医疗保险和救助制度的意见",
    "General Office Opinions on Insurance and Assistance for Serious Illness",
    "国办发〔2021〕42号",
    date(2021, 10, 28),
)
WUHAN_MEDICAL = Act(
    "WH313",
    "武汉市基本医疗保险办法",
    "Wuhan Measures on Basic Medical Insurance",
    "武汉市人民政府令第313号",
    date(2023, 2, 1),
)
HUBEI_INJURY = Act(
    "HB8",
    "湖北省工伤保险待遇支付标准的通知",
    "Hubei Notice on Standards of Work-Injury Benefits",
    "鄂人社函〔2022〕8号",
    date(2022, 1, 1),
)
GUANGDONG_INJURY = Act(
    "GDI", "广东省工伤保险条例", "Guangdong Regulations on Work-Injury Insurance", "广东省人大常委会", date(2012, 1, 1)
)
GUANGDONG_POPULATION = Act(
    "GDRK",
    "广东省人口与计划生育条例",
    "Guangdong Population and Family Planning Regulations",
    "广东省人大常委会",
    date(2021, 12, 1),
)
INSURANCE_INSPECTION = Act(
    "L16-2003",
    "社会保险稽核办法",
    "Measures on Checking Social Insurance",
    "劳动和社会保障部令第16号",
    date(2003, 4, 1),
)
QUALIFICATION_NOTICE = Act(
    "RT107",
    "关于全面取消领取社会保险待遇资格集中认证的通知",
    "Notice on Ending Gathered Proofs of Life",
    "人社厅发〔2018〕107号",
    date(2018, 10, 1),
)
RETIREMENT_FILE_NOTICE = Act(
    "LS8",
    "关于制止和纠正违反国家规定办理企业职工提前退休有关问题的通知",
    "Notice on Stopping Unlawful Early Retirement (dates of birth in files)",
    "劳社部发〔1999〕8号",
    date(1999, 3, 9),
)
RETIREMENT_1978 = Act(
    "G104",
    "国务院关于工人退休、退职的暂行办法",
    "State Council Interim Measures on Retirement of Workers",
    "国发〔1978〕104号",
    date(1978, 6, 2),
)

register(*(value for value in list(vars().values()) if isinstance(value, Act)))
