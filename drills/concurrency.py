"""Two at the same time: operators on one case, runs of one month, clients on one key; and connections that break."""

import subprocess
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from dashebao.kernel.identity.api import Grant, User
from dashebao.kernel.ledger.actions import POST, parameters
from dashebao.kernel.ledger.rules import Journal, Line, as_columns
from dashebao.kernel.records.api import SYSTEM, acting, sign
from dashebao.kernel.secrecy.api import open_
from dashebao.site.postgres import Cluster
from drills.declaring import Found, drill
from drills.folders import MONTH, PERIOD, ROOT, environment, python, rows, running
from drills.ground import Ground, inside, proofs
from drills.months import compare, ended_within, kill_month, start_month, told, unbroken
from drills.posting import ACCOUNTS, KIND
from drills.product import Product, served
from drills.web import Answer, Program, Visitor, at_once, fresh

CLERK = "pension-clerk"
CERTIFICATE = {"kind": "record", "from_month": "2026-01", "until_month": "2026-10"}
PERSON = """
    select i.value, p.name from registry_person p join registry_personidentifier i on i.person_id = p.id
    join levy_enrolment e on e.person_id = p.id and upper_inf(e.valid_during)
    where i.kind = 'resident_id' and p.died_on is null and p.region_code like any (array['4401%', '4403%'])
    order by p.id limit 1"""
WAITING = """
    select case_no from cases_case c join cases_casestep s on s.case_id = c.id and s.state = 'open'
    where c.state = 'submitted' and s.role = 'pension.clerk' and c.region_code like '4401%' order by case_no limit 1"""
VERSION = "select version from cases_case where case_no = '{}'"
DONE = "select count(*) from cases_casestep s join cases_case c on c.id = s.case_id where case_no = '{}' and s.state = 'done'"
MOST_CALLS = "update open_api_apiclient set calls_per_minute = 6000"


def certificate(product: Product) -> dict[str, Any]:
    """The request for a certificate of somebody whom the bank may ask about."""
    own(product.data, MOST_CALLS)
    ((number, name),) = rows(product.data, PERSON)
    with inside(product.data):
        return {"applicant": {"id_number": open_(number), "name": name}, "answers": CERTIFICATE}


def own(data: Path, statement: str, *values: Any) -> None:
    """One statement as the owner of the tables."""
    with psycopg.connect(Cluster(data).dsn("dashebao_owner")) as connection:
        connection.execute(statement, values)


def cases(data: Path) -> int:
    """How many cases the program's requests have made."""
    return int(rows(data, "select count(*) from cases_case where channel = 'api'")[0][0])


@drill(
    "repeated-requests",
    breaks=(
        "Answers are lost after the commit, requests come again, together, and under a used key with another body.",
        "提交后应答丢失；请求重复、并发到达，或以用过的幂等键携带不同内容。",
    ),
    claim=(
        "Each request acts once, and each repetition gets the first answer.",
        "每个请求只生效一次，重复请求得到首次应答。",
    ),
    control=(
        "Every repetition under a new key: what was done twice must be seen.",
        "每次重复使用新的幂等键：必须发现重复办理。",
    ),
)
def repeated_requests(ground: Ground, *, guarded: bool) -> Found:
    """Send, hang up, send again; then many at once under one key."""
    found, data = Found(), ground.copy()
    with served(data) as product:
        program, wanted = Program(product), certificate(product)
        before, count = cases(data), 3 if ground.small else 200
        for _request in range(count):
            key = fresh()
            program.call("items/SI-301/cases", wanted, key, drop=True)
            first = program.call("items/SI-301/cases", wanted, key if guarded else fresh())
            again = program.call("items/SI-301/cases", wanted, key if guarded else fresh())
            found.expect(first.status == 201, f"a repeated request was answered {first.status}: {first.body}")
            found.expect(again.body == first.body, "a repetition got another answer")
        key, together = fresh(), 4 if ground.small else 64
        answers = at_once([lambda: retried(program, wanted, key if guarded else fresh())] * together)
        made = {answer.body.get("case_no") for answer in answers}
        found.equal("cases of one key", len(made), 1)
        other = program.call("items/SI-301/cases", {**wanted, "answers": {"kind": "certificate"}}, key)
        found.equal("another body under a used key", other.status, 422)
        found.equal("cases made", cases(data) - before, count + 1)
        found.figures = {"requests": 3 * count + together, "cases": cases(data) - before}
    ground.drop(data)
    return found


def retried(program: Program, body: dict[str, Any], key: str) -> Answer:
    """As a good client: again under the same key while the product is busy."""
    end = time.monotonic() + 60
    while True:
        answer = program.call("items/SI-301/cases", body, key)
        if answer.status in (200, 201) or time.monotonic() > end:
            return answer
        time.sleep(0.2)


@drill(
    "two-operators",
    breaks=(
        "Officers decide one case at the same moment, from pages opened before.",
        "多名工作人员同时从先前打开的页面办理同一事项。",
    ),
    claim=(
        "One act counts, every other is told that a colleague was faster; one decision, one trail.",
        "只有一次办理生效，其余均被告知已有同事先办。",
    ),
    control=(
        "One officer in two windows, and the page's version is left out of the form: two acts must be seen.",
        "同一工作人员在两个窗口提交，且表单中去掉版本号：必须发现两次办理。",
    ),
)
def two_operators(ground: Ground, *, guarded: bool) -> Found:
    """A claim; every officer of the step opens it; all press at once."""
    found, data = Found(), ground.copy()
    officers = 2 if ground.small or not guarded else 8
    with running(data):
        python(data, "-m", "demonstration.acts", MONTH)
        number = rows(data, WAITING)[0][0]
    with served(data) as product:
        path, names = f"/counter/case/{number}/", colleagues(data, officers) if guarded else [CLERK] * officers
        people = [Visitor(product, name) for name in names]
        for act in ("take", "advance"):
            pages = [visitor.look(path) for visitor in people]
            seen = {"version": str(rows(data, VERSION.format(number))[0][0])} if guarded else {}
            fields = {"act": act, "opinion": "核对无误", **seen}
            sent = [partial(visitor.send, path, fields, page) for visitor, page in zip(people, pages, strict=True)]
            answers = Counter(status for status, _page in at_once(sent))
            found.equal(f"officers whose “{act}” counted", answers[200], 1)
            found.equal(f"officers told that a colleague was faster with “{act}”", answers[409], officers - 1)
        found.equal("steps done", rows(data, DONE.format(number))[0][0], 1)
    found.figures = {"officers": officers}
    ground.drop(data)
    return found


def colleagues(data: Path, count: int) -> list[str]:
    """User names of the clerk and of colleagues with the same office, duty and password: nobody may sign in often at once."""
    names = [CLERK]
    with inside(data), acting(SYSTEM, "a drill"):
        duties = list(Grant.objects.filter(user__username=CLERK))
        for number in range(1, count):
            colleague = User.objects.get(username=CLERK)
            colleague.pk, colleague.username = None, f"{CLERK}-colleague-{number}"
            colleague.save(force_insert=True)
            for duty in duties:
                Grant.objects.create(user=colleague, role=duty.role, family=duty.family, valid_during=duty.valid_during)
            names.append(colleague.username)
    return names


@drill(
    "one-key",
    breaks=(
        "Many clients post under one business key at the same moment.",
        "多个客户端在同一时刻以同一业务键记账。",
    ),
    claim=(
        "One is answered “posted”, every other “exists”; there is one journal.",
        "只有一笔入账，其余均被告知已存在；凭证只有一张。",
    ),
    control=(
        "Every client with a key of its own: several postings must be seen.",
        "每个客户端使用不同业务键：必须发现多笔入账。",
    ),
)
def one_key(ground: Ground, *, guarded: bool) -> Found:
    """One key from many connections, again and again."""
    found, data, answers = Found(), ground.copy(), Counter[str]()
    rounds, clients = (2, 8) if ground.small else (50, 64)
    with running(data) as cluster:
        book, debit, credit = rows(data, ACCOUNTS)[0]
        for number in range(rounds):
            acts = []
            for client in range(clients):
                key = f"race-{number}" if guarded else f"race-{number}-{client}"
                journal = Journal(book, KIND, key, PERIOD, (Line(debit, 1), Line(credit, -1)))
                acts.append(lambda j=journal: post_on_its_own(cluster, j))
            told_now = Counter(at_once(acts))
            found.equal("postings of one key", told_now["posted"], 1)
            answers += told_now
        found.equal("journals", rows(data, f"select count(*) from ledger_journal where kind = '{KIND}'")[0][0], rounds)
    found.figures = dict(answers)
    ground.drop(data)
    return found


def post_on_its_own(cluster: Cluster, journal: Journal) -> str:
    """One posting on a connection of its own; what the ledger answered."""
    with psycopg.connect(cluster.dsn("dashebao_worker"), autocommit=True) as connection:
        connection.execute("select set_config('app.ctx', %s, false)", (sign(SYSTEM),))
        row = connection.execute(POST, parameters(as_columns([journal]))).fetchone()
    return str(row[1]) if row else ""


@drill(
    "two-months",
    breaks=("Two runs of one month are started at the same time.", "同一月份的主流程被同时启动两次。"),
    claim=(
        "One runs, the other is refused at once; the books are those of one run.",
        "一个运行，另一个立即被拒绝；账簿与一次运行的结果一致。",
    ),
    control=(
        "A run that does not ask for the month's lock: it must be seen that it was not refused.",
        "不申请月度锁的运行：必须发现其未被拒绝。",
    ),
)
def two_months(ground: Ground, *, guarded: bool) -> Found:
    """Start both; the second while the first works."""
    found, data = Found(), ground.copy()
    with running(data):
        first = start_month(data)
        while not rows(data, "select 1 from batches_chunk where state = 'done' limit 1"):
            if first.poll() is not None:
                raise RuntimeError("the month ended before it did anything")
        second = subprocess.run(
            [sys.executable, "-m", *(["dashebao", "month", "run"] if guarded else ["drills.unlocked"]), MONTH],
            cwd=ROOT, env=environment(data), capture_output=True, text=True,
        )  # fmt: skip
        found.expect(
            "Another process is running" in second.stderr, f"the second run was not refused: {second.returncode}"
        )
        if ground.small or not guarded:
            kill_month(first)
        elif not ended_within(first, 120):
            found.wrong.append("the first run did not end")
        else:
            have = told(data)
            found.wrong += proofs(data)
    if guarded and not ground.small and not found.wrong:
        compare(found, have, unbroken(ground))
    ground.drop(data)
    return found
