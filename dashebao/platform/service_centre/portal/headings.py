"""What the portal puts first: common services, stages of life, and the words people use for a service."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class Common:
    """One tile: a page name or item code, its everyday name and what it gives, icon and tone."""

    code: str
    name: Text
    note: Text
    icon: str
    tone: str = ""


COMMON: tuple[Common, ...] = (
    Common("SI-301", _("Proof of insurance"), _("Signed paper, at once"), "file-badge"),
    Common("levy_record", _("My contribution record"), _("Month by month, year by year"), "receipt-text"),
    Common(
        "pension_my_estimate",
        _("My pension estimate"),
        _("Months of retirement compared"),
        "calculator",
        "tile--violet",
    ),
    Common(
        "SI-3022",
        _("Move my pension here"),
        _("From another province, no paper needed"),
        "arrow-left-right",
        "tile--teal",
    ),
    Common("SI-405", _("Proof of entitlement"), _("By telephone, without leaving home"), "scan-face", "tile--green"),
    Common("SI-401", _("Claim my pension"), _("Three officers, every line explained"), "umbrella", "tile--gold"),
    Common("SI-104", _("Insure myself"), _("Flexible workers choose their base"), "user-plus", "tile--teal"),
    Common("SI-901", _("Complain or report"), _("An answer in a fixed time"), "megaphone", "tile--red"),
    Common(
        "pension_calculator",
        _("Pension calculator"),
        _("With your own figures, no sign-in"),
        "sliders-horizontal",
        "tile--violet",
    ),
    Common("SI-1045", _("Residents' pension"), _("For those without an employer"), "sprout", "tile--green"),
    Common("SI-402", _("After a death"), _("Funeral grant and survivors' sum"), "heart-handshake", "tile--red"),
    Common("SI-105", _("Change my data"), _("Mobile number, address, name"), "pencil"),
)
"""More than are shown: what an installation does not have is left out."""

ICONS = {
    "pension": "umbrella",
    "levy": "receipt-text",
    "civil": "heart-handshake",
    "labour": "scale",
    "service": "megaphone",
}
TONES = {"pension": "tile--gold", "levy": "", "service": "tile--red", "residents": "tile--green"}


@dataclass(frozen=True)
class Stage:
    """A stage of life with what people then need: item codes and page names, those an installation has."""

    title: Text
    icon: str
    wanted: tuple[str, ...]


STAGES = (
    Stage(_("I start to work"), "graduation-cap", ("levy_record", "SI-104", "SI-105", "SI-301")),
    Stage(_("I change my job"), "arrow-left-right", ("SI-3022", "SI-3021", "SI-1043", "levy_record")),
    Stage(_("I have no employer"), "briefcase", ("SI-104", "SI-1043", "SI-1045", "SI-203")),
    Stage(_("Something is wrong"), "message-circle-warning", ("SI-206", "SI-105", "SI-901", "portal_access")),
    Stage(_("I retire"), "umbrella", ("pension_my_estimate", "SI-401", "SI-4011", "SI-405")),
    Stage(_("After a death"), "heart-handshake", ("SI-402", "SI-404", "SI-403", "SI-406")),
)

SAID: tuple[tuple[str, ...], ...] = (
    ("退休", "养老金", "退休金", "退休工资", "领养老金", "pension", "retire", "retirement"),
    ("认证", "资格认证", "年审", "生存认证", "刷脸", "proof", "alive", "qualification", "entitlement"),
    ("转移", "转社保", "转保", "关系转移", "跨省", "换工作", "异地", "transfer", "move", "province", "relation"),
    (
        "证明",
        "参保证明",
        "社保证明",
        "缴费证明",
        "权益单",
        "权益记录",
        "打印社保",
        "certificate",
        "statement",
        "proof of insurance",
    ),
    ("记录", "查社保", "缴费", "交了多少", "缴费明细", "断缴", "record", "contribution", "contributions", "paid"),
    ("灵活就业", "自己交", "个体", "自由职业", "个人缴费", "外卖", "flexible", "self-employed", "freelance"),
    ("居民", "城乡居民", "农保", "新农保", "农村养老", "residents", "rural"),
    ("死亡", "去世", "丧葬", "抚恤", "遗属", "身后", "继承", "death", "died", "funeral", "survivor", "survivors"),
    ("手机号", "改名", "个人信息", "身份证", "地址", "换手机", "mobile", "address", "personal data", "name"),
    ("投诉", "举报", "不交社保", "没交社保", "不给交", "欠缴", "态度", "complain", "complaint", "report"),
    ("测算", "计算", "能领多少", "多少钱", "估算", "试算", "calculator", "estimate", "how much"),
    ("多发", "退钱", "停发", "恢复", "stop", "resume", "recover"),
    ("补缴", "补交", "漏缴", "错误", "更正", "不对", "correction", "wrong", "back-payment", "missing"),
    ("退费", "多交", "重复缴费", "refund", "twice"),
    ("代办", "帮父母", "代理", "亲情", "agent", "parents"),
    ("增员", "入职", "新员工", "add staff", "hire"),
    ("减员", "离职", "辞退", "remove staff", "leave"),
    ("失业", "失业金", "下岗", "unemployment", "unemployed"),
    ("工伤", "受伤", "work injury", "injury"),
)
"""Words that mean the same to people: each finds what any other of its row finds."""


def widened(text: str) -> list[str]:
    """The words of a search with their neighbours: the text itself first, then words people use for the same."""
    wanted = text.strip().lower()
    if not wanted:
        return []
    found = [wanted]
    for row in SAID:
        if any(word in wanted or (len(wanted) > 1 and wanted in word) for word in row):
            found += [word for word in row if word not in found]
    return found
