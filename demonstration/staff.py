"""Offices, officers and sign-in accounts of the demonstration province."""

from dataclasses import dataclass

from dashebao.kernel.identity.api import Office, User, grant_role
from dashebao.kernel.registry.models import Region


@dataclass(frozen=True)
class Post:
    """One officer's account: user name, person's name, role and the region of the office."""

    username: str
    name: str
    role: str
    region: str


POSTS = (
    Post("levy-clerk", "陈静", "levy.clerk", "440100"),
    Post("levy-reviewer", "梁文昊", "levy.reviewer", "440100"),
    Post("pension-clerk", "林晓岚", "pension.clerk", "440100"),
    Post("pension-assessor", "周敏", "pension.assessor", "440100"),
    Post("pension-approver", "何志强", "pension.approver", "440100"),
    Post("pension-clerk-2", "谢安琪", "pension.clerk", "440000"),
    Post("pension-assessor-2", "潘立新", "pension.assessor", "440000"),
    Post("pension-approver-2", "黎海英", "pension.approver", "440000"),
    Post("fund-maker", "黄嘉仪", "fund.maker", "440000"),
    Post("fund-checker", "罗建平", "fund.checker", "440000"),
    Post("fund-approver", "郑国荣", "fund.approver", "440000"),
    Post("auditor", "苏慧", "audit.reader", "440000"),
    Post("admin", "邓立", "admin.users", "440000"),
    Post("leader", "谭海生", "leader.viewer", "440000"),
)
ROBOTS = {  # the officers who decide the demonstration's own claims and batches
    "pension.clerk": "pension-clerk-2",
    "pension.assessor": "pension-assessor-2",
    "pension.approver": "pension-approver-2",
    "fund.maker": "fund-maker",
    "fund.checker": "fund-checker",
    "fund.approver": "fund-approver",
}


def open_offices() -> dict[str, Office]:
    """One social insurance office for the province, each city and each county; returns them by region code."""
    offices: dict[str, Office] = {}
    rank = {"province": 0, "city": 1, "county": 2}
    for region in sorted(Region.objects.filter(code__startswith="44", valid_during__upper_inf=True), key=lambda r: rank[r.level]):
        parent = offices.get(region.parent_code)
        offices[region.code], _made = Office.objects.get_or_create(
            code=f"SI-{region.code}",
            defaults={
                "name": f"{region.name}社会保险基金管理局",
                "name_en": f"{region.name_en} Social Insurance Administration",
                "level": region.level,
                "region_code": region.code,
                "parent": parent,
                "address": f"{region.name}政务服务中心",
                "phone": "12333",
            },
        )
    return offices


def hire(offices: dict[str, Office], password: str) -> None:
    """Make every post's account and give it its role."""
    for post in POSTS:
        user = User.objects.create_user(
            post.username, password, kind="officer", name=post.name, office=offices[post.region], window="7"
        )
        grant_role(user, post.role)
