"""Invented names of people and units; any likeness to a real one is chance."""

import numpy as np

SURNAMES = tuple(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN_FIRST = tuple(
    "晓思雨子嘉文明志建国海春秋永光新立德仁宏伟俊佳美丽雪梅兰桂月玉云霞静安乐欣怡欢若亦可语书景承泽宇轩浩然天一"
)
GIVEN_SECOND = tuple("华强军平勇杰涛磊超鹏飞辉斌亮波刚健峰林森芳娜敏燕玲娟英慧巧琳颖倩婷莹洁珍萍红蓉凤琴仪彤岚")
WORDS = (
    "云帆", "启明", "粤珠", "远航", "恒信", "聚力", "南岭", "海源", "卓越", "天河谷", "汇通", "鼎盛", "信诚", "智联", "华港", "绿洲", "金穗", "飞扬", "同心", "新程", "润泽", "和兴", "东江", "北江", "珠湾", "安达", "优品", "创想", "瑞丰", "百川",
)  # fmt: skip
TRADES = (
    ("软件", "I", 1, "软件科技有限公司"), ("商贸", "F", 2, "商贸有限公司"), ("物流", "G", 5, "物流有限公司"),
    ("电子", "C", 3, "电子制造有限公司"), ("食品", "C", 3, "食品有限公司"), ("服装", "C", 4, "服装有限公司"),
    ("机械", "C", 4, "机械设备有限公司"), ("建筑", "E", 6, "建筑工程有限公司"), ("餐饮", "H", 2, "餐饮管理有限公司"),
    ("物业", "K", 2, "物业服务有限公司"), ("家具", "C", 5, "家具有限公司"), ("化工", "C", 6, "化工材料有限公司"),
    ("教育", "P", 2, "教育咨询有限公司"), ("医疗", "Q", 2, "医疗管理有限公司"), ("金属", "C", 4, "金属制品有限公司"),
)  # fmt: skip


def person_names(random: np.random.Generator, count: int) -> list[str]:
    """`count` names of two or three characters."""
    surname = random.integers(0, len(SURNAMES), count)
    first = random.integers(0, len(GIVEN_FIRST), count)
    second = random.integers(0, len(GIVEN_SECOND), count)
    three = random.random(count) < 0.8
    return [
        SURNAMES[a] + (GIVEN_FIRST[b] if long else "") + GIVEN_SECOND[c]
        for a, b, c, long in zip(surname, first, second, three, strict=True)
    ]


def unit_names(random: np.random.Generator, cities: list[str]) -> tuple[list[str], list[str], list[int]]:
    """One unit per entry of `cities` (short city names): names, industry sections and injury classes."""
    names, industries, classes, seen = [], [], [], set()
    for number, city in enumerate(cities):
        word = WORDS[int(random.integers(len(WORDS)))]
        _trade, section, injury, tail = TRADES[int(random.integers(len(TRADES)))]
        name = f"{city}{word}{tail}"
        if name in seen:
            name = f"{city}{word}第{number + 1}{tail}"
        seen.add(name)
        names.append(name)
        industries.append(section)
        classes.append(injury)
    return names, industries, classes
