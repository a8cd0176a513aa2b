"""Acts on social insurance: national laws, regulations and notices, and those of Guangdong."""

from __future__ import annotations

from datetime import date

from dashebao.kernel.law.acts import Act, register

SOCIAL_INSURANCE_LAW = Act(
    "SIL", "中华人民共和国社会保险法", "Social Insurance Law", "主席令第35号", date(2011, 7, 1), articles=98
)
HANDLING_RULES = Act(
    "ADM",
    "社会保险经办条例",
    "Regulations on Handling Social Insurance",
    "国务院令第765号",
    date(2023, 12, 1),
    articles=63,
)
LEVY_RULES = Act(
    "LEVY",
    "社会保险费征缴暂行条例",
    "Interim Regulations on Collecting Social Insurance Premiums",
    "国务院令第259号",
    date(1999, 1, 22),
    articles=31,
)
INJURY_RULES = Act(
    "INJ",
    "工伤保险条例",
    "Regulations on Work-Related Injury Insurance",
    "国务院令第375号",
    date(2004, 1, 1),
    articles=67,
)
UNEMPLOYMENT_RULES = Act(
    "UNE", "失业保险条例", "Regulations on Unemployment Insurance", "国务院令第258号", date(1999, 1, 22), articles=33
)
GUANGDONG_UNEMPLOYMENT_RULES = Act(
    "GDU", "广东省失业保险条例", "Guangdong Regulations on Unemployment Insurance", "广东省人大常委会", date(2014, 7, 1)
)
MEDICAL_FUND_RULES = Act(
    "MED",
    "医疗保障基金使用监督管理条例",
    "Regulations on the Use and Supervision of Medical Security Funds",
    "国务院令第735号",
    date(2021, 5, 1),
    articles=50,
)
WOMEN_WORKERS_RULES = Act(
    "WOM",
    "女职工劳动保护特别规定",
    "Special Provisions on the Protection of Women Workers",
    "国务院令第619号",
    date(2012, 4, 28),
    articles=16,
)
INJURY_CASES_RULES = Act(
    "INJ-SPC",
    "最高人民法院关于审理工伤保险行政案件若干问题的规定",
    "Supreme Court Provisions on Administrative Cases of Work-Injury Insurance",
    "法释〔2014〕9号",
    date(2014, 9, 1),
    articles=10,
)
BUDGET_LAW = Act("BUD", "中华人民共和国预算法", "Budget Law", "主席令第12号", date(2015, 1, 1), articles=101)
BUDGET_RULES = Act(
    "BUD-R",
    "中华人民共和国预算法实施条例",
    "Regulations on the Budget Law",
    "国务院令第729号",
    date(2020, 10, 1),
    articles=97,
)
RETIREMENT_DECISION = Act(
    "DLY-D",
    "全国人民代表大会常务委员会关于实施渐进式延迟法定退休年龄的决定",
    "NPC Standing Committee Decision on Gradually Delaying the Statutory Retirement Age",
    "2024年9月13日通过",
    date(2025, 1, 1),
)
RETIREMENT_DELAY = Act(
    "DLY",
    "国务院关于渐进式延迟法定退休年龄的办法",
    "State Council Measures on Gradually Delaying the Statutory Retirement Age",
    "2024年9月13日批准",
    date(2025, 1, 1),
    articles=9,
)
FLEXIBLE_RETIREMENT = Act(
    "R94",
    "实施弹性退休制度暂行办法",
    "Interim Measures on Flexible Retirement",
    "人社部发〔2024〕94号",
    date(2025, 1, 1),
)
PENSION_1997 = Act(
    "G26",
    "国务院关于建立统一的企业职工基本养老保险制度的决定",
    "State Council Decision on a Unified Basic Pension for Enterprise Workers",
    "国发〔1997〕26号",
    date(1997, 7, 16),
)
PENSION_2005 = Act(
    "G38",
    "国务院关于完善企业职工基本养老保险制度的决定",
    "State Council Decision on Improving the Basic Pension for Enterprise Workers",
    "国发〔2005〕38号",
    date(2006, 1, 1),
)
PENSION_TRANSFER = Act(
    "G66",
    "城镇企业职工基本养老保险关系转移接续暂行办法",
    "Interim Measures on Transferring Basic Pension Relations",
    "国办发〔2009〕66号",
    date(2010, 1, 1),
    articles=13,
)
RESIDENT_PENSION = Act(
    "G8",
    "国务院关于建立统一的城乡居民基本养老保险制度的意见",
    "State Council Opinions on a Unified Basic Pension for Residents",
    "国发〔2014〕8号",
    date(2014, 2, 21),
)
MATERNITY_MERGER = Act(
    "G10",
    "国务院办公厅关于全面推进生育保险和职工基本医疗保险合并实施的意见",
    "General Office Opinions on Merging Maternity Insurance with Employee Medical Insurance",
    "国办发〔2019〕10号",
    date(2019, 3, 6),
)
RATE_CUT_2019 = Act(
    "G13",
    "国务院办公厅关于印发降低社会保险费率综合方案的通知",
    "General Office Notice on Lowering Social Insurance Rates",
    "国办发〔2019〕13号",
    date(2019, 5, 1),
)
OUTPATIENT_REFORM = Act(
    "G14",
    "国务院办公厅关于建立健全职工基本医疗保险门诊共济保障机制的指导意见",
    "General Office Guidance on Outpatient Pooling of Employee Medical Insurance",
    "国办发〔2021〕14号",
    date(2021, 4, 13),
)
ACCOUNT_RULES = Act(
    "LB116",
    "职工基本养老保险个人账户管理暂行办法",
    "Interim Measures on Pension Personal Accounts",
    "劳办发〔1997〕116号",
    date(1998, 1, 1),
)
ACCOUNT_RATE = Act(
    "R31",
    "统一和规范职工养老保险个人账户记账利率办法",
    "Measures on Uniform Crediting Rates of Pension Personal Accounts",
    "人社部发〔2017〕31号",
    date(2016, 1, 1),
)
SURVIVOR_RULES = Act(
    "R18",
    "企业职工基本养老保险遗属待遇暂行办法",
    "Interim Measures on Survivors' Benefits of the Basic Pension",
    "人社部发〔2021〕18号",
    date(2021, 9, 1),
)
DISABILITY_ALLOWANCE = Act(
    "R72",
    "企业职工基本养老保险病残津贴暂行办法",
    "Interim Measures on Disability Allowance of the Basic Pension",
    "人社部发〔2024〕72号",
    date(2025, 1, 1),
)
SCHEME_LINKING = Act(
    "R17",
    "城乡养老保险制度衔接暂行办法",
    "Interim Measures on Linking Urban and Rural Pension Schemes",
    "人社部发〔2014〕17号",
    date(2014, 7, 1),
)
INJURY_RATES = Act(
    "R71",
    "关于调整工伤保险费率政策的通知",
    "Notice on Adjusting Work-Injury Premium Rates",
    "人社部发〔2015〕71号",
    date(2015, 10, 1),
)
SOCIAL_INSURANCE_LAW_RULES = Act(
    "L13",
    "实施《中华人民共和国社会保险法》若干规定",
    "Provisions on Implementing the Social Insurance Law",
    "人社部令第13号",
    date(2011, 7, 1),
)
BACK_PAYMENT_NOTICE = Act(
    "R132",
    "关于进一步加强企业职工基本养老保险基金收支管理的通知",
    "Notice on Income and Expenditure of the Basic Pension Fund",
    "人社部发〔2016〕132号",
    date(2016, 11, 28),
)
FUND_ACCOUNTING = Act(
    "CK28", "社会保险基金会计制度", "Accounting System of Social Insurance Funds", "财会〔2017〕28号", date(2018, 1, 1)
)
FUND_SUPERVISION = Act(
    "L48",
    "社会保险基金行政监督办法",
    "Measures on Administrative Supervision of Social Insurance Funds",
    "人社部令第48号",
    date(2022, 3, 18),
)
GUANGDONG_PENSION = Act(
    "YF96",
    "关于贯彻国务院完善企业职工基本养老保险制度决定的通知",
    "Guangdong Notice on Improving the Basic Pension",
    "粤府〔2006〕96号",
    date(2006, 7, 1),
)
GUANGDONG_TRANSITION = Act(
    "YFH294",
    "关于完善广东省企业职工基本养老保险过渡性养老金计发办法的通知",
    "Guangdong Notice on Transitional Pensions",
    "粤府函〔2021〕294号",
    date(2021, 7, 1),
)
PENSION_INCREASE = Act(
    "ADJ",
    "关于调整退休人员基本养老金的通知",
    "Yearly Notice on Increasing Basic Pensions",
    "人社部、财政部年度通知",
    date(2005, 1, 1),
)
GUANGDONG_SUPPLEMENT_2009 = Act(
    "YLD32",
    "广东省企业退休人员过渡性养老金增加通知",
    "Guangdong Notice on the Flat Supplement",
    "粤劳电〔2009〕32号",
    date(2009, 1, 1),
)
GUANGDONG_SUPPLEMENT_2014 = Act(
    "YRS8",
    "广东省企业退休人员按缴费年限增加养老金通知",
    "Guangdong Notice on the Supplement by Years",
    "粤人社〔2014〕8号",
    date(2014, 1, 1),
)
GUANGDONG_LIMITS_2025 = Act(
    "GD32",
    "关于公布2025年企业职工基本养老保险缴费基数上下限和计发基数的通知",
    "Guangdong Notice on the 2025 Contribution Base Limits and Calculation Base",
    "粤人社发〔2025〕32号",
    date(2025, 7, 1),
)
GUANGDONG_FLEXIBLE = Act(
    "GD14",
    "广东省灵活就业人员参加企业职工基本养老保险办法",
    "Guangdong Measures on Pensions of Flexible Workers",
    "粤人社规〔2026〕14号",
    date(2026, 5, 1),
    date(2028, 5, 1),
)
SHENZHEN_MEDICAL = Act(
    "SZ358", "深圳市医疗保障办法", "Shenzhen Medical Security Measures", "深圳市人民政府令第358号", date(2023, 10, 1)
)
GUANGZHOU_MEDICAL = Act(
    "GZ1",
    "广州市职工基本医疗保险缴费规定",
    "Guangzhou Rules on Employee Medical Premiums",
    "穗医保规字〔2022〕1号",
    date(2022, 12, 1),
)

register(*(value for value in list(vars().values()) if isinstance(value, Act)))
