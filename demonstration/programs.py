"""Two programs that call the open interface: an employer's software and a bank, with keys in the data folder."""

import json
import os
from pathlib import Path
from typing import Any

from django.test import Client

from dashebao.kernel.identity.api import User, grant_role
from dashebao.kernel.registry.api import id_number_of, person, unit
from dashebao.platform.service_centre.open_api.api import ClientEntry, create_client, issue_key

FILE = "api-keys.json"
BANK_SCOPES = ("subjects.find", "contributions.read", "pension.read", "residents.read", "cases.read", "submit.SI-301")
EMPLOYER_SCOPES = (
    "unit.read", "cases.read", "submit.SI-103", "submit.SI-1032", "submit.SI-201", "submit.SI-2012", "submit.SI-3012",
)  # fmt: skip


def admit_programs(data: Path) -> None:
    """Admit both clients, leave their keys in the data folder, and let them make the calls a first day brings."""
    grant_role(User.objects.get(username="admin"), "api.keys")
    firm = unit(User.objects.get(username="employer").unit_id or 0)
    entries = {
        "employer": ClientEntry(
            name=f"{firm.name}人事系统",
            owner=firm.name,
            purpose="本单位职工增减员、缴费申报和账单核对",
            scopes=EMPLOYER_SCOPES,
            unit_id=firm.pk,
            contact="人力资源部",
        ),
        "bank": ClientEntry(
            name="岭南示例银行信贷系统",
            owner="岭南示例银行股份有限公司",
            purpose="经本人授权的贷款资信核验",
            scopes=BANK_SCOPES,
            regions=("440100", "440300"),
            contact="个人金融部",
            calls_per_minute=300,
        ),
    }
    keys = {name: issue_key(create_client(entry), f"demonstration {name}")[1] for name, entry in entries.items()}
    _write(data / FILE, keys)
    _first_day(keys)


def _write(path: Path, keys: dict[str, str]) -> None:
    """Only the owner of the data folder may read the keys."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(keys, file, indent=2)


def _first_day(keys: dict[str, str]) -> None:
    """What the record of calls shows on the first day, also in the access log of the citizen who has an account."""
    for path in ("items", "units/own/insurance", "units/own/staff", "units/own/bills", "cases"):
        _call(keys["employer"], path)
    for username in ("citizen", "citizen-retiring"):
        user = User.objects.filter(username=username).first()
        if user is None or not user.person_id:
            continue
        human = person(user.person_id)
        given = {"id_number": id_number_of(human.pk), "name": human.name}
        found = _call(keys["bank"], "persons/find", given)
        if "reference" in found:
            for query in ("insurances", "contribution-record", "account-balance"):
                _call(keys["bank"], f"persons/{found['reference']}/{query}")


def _call(key: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {key}", "Accept-Language": "zh-CN"}
    address, sender = f"/api/v1/{path}", Client()
    if body is None:
        return dict(sender.get(address, headers=headers).json())
    return dict(sender.post(address, body, content_type="application/json", headers=headers).json())
