import os, pytest
from django.urls import reverse
from playwright.sync_api import sync_playwright
from dashebao.kernel.cases.tests.declarations.simple import AskAtOnce, AskForUnit
from dashebao.kernel.cases.api import *
from dashebao.kernel.catalogue.api import registered, Applicant, Channel
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.screens.tests import scene as scenes
from dashebao.platform.screens.tests.declared import ClaimExample
from axe_playwright_python.sync_playwright import Axe

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OUT = "/tmp/plan/h_shots/"


@pytest.mark.django_db(transaction=True)
def test_shots(live_server):
    with registered(ClaimExample, AskAtOnce, AskForUnit):
        s = scenes.build()
        made = submit(
            Application(
                "TT-101",
                Applicant.of_person(s.person_id, "林小岚", "440106"),
                {"retire_on": "2026-11-06", "manner": "card"},
                Channel.PORTAL,
                "k1",
            ),
            s.users["citizen"],
        )
        advance(made.case_no, s.users["pension.clerk"], "材料齐全")
        made2 = submit(
            Application(
                "TT-101",
                Applicant.of_person(s.person_id, "林小岚", "440106"),
                {"retire_on": "2026-11-06", "manner": "card"},
                Channel.PORTAL,
                "k2",
            ),
            s.users["citizen"],
        )
        for r in ("pension.clerk", "pension.assessor", "pension.approver"):
            advance(made2.case_no, s.users[r], "同意")
        no, no2 = made.case_no, made2.case_no
        from dashebao.kernel.batches.api import Run, StepState, Chunk

        with acting(SYSTEM, "x"):
            run = Run.objects.create(pipeline="month", period=202611)
            st = StepState.objects.create(run=run, position=0, name="levy.assess", state="done", seconds=3.2)
            Chunk.objects.create(step=st, key="a", state="done", rows=20000, fen=123456789, seconds=3.2)
            st = StepState.objects.create(run=run, position=1, name="levy.bill")
            Chunk.objects.create(step=st, key="a", state="done", rows=500)
            Chunk.objects.create(step=st, key="b")
        pages = {
            None: [
                ("home", reverse("portal_home")),
                ("services", reverse("portal_services")),
                ("guide", reverse("portal_guide", args=["TT-101"])),
                ("signin", reverse("sign_in")),
            ],
            "citizen": [
                ("c-home", reverse("portal_home")),
                ("c-insurance", reverse("portal_insurance")),
                ("c-cases", reverse("portal_cases")),
                ("c-case", reverse("portal_case", args=[no2])),
                ("c-explained", reverse("portal_explained", args=[no2])),
                ("c-apply", reverse("portal_apply", args=["TT-101"])),
                ("c-access", reverse("portal_access")),
                ("c-account", reverse("account")),
                ("c-404", "/nowhere/"),
            ],
            "operator": [
                ("e-home", reverse("employer_home")),
                ("e-apply", reverse("employer_apply", args=["TT-003"])),
                ("e-cases", reverse("employer_cases")),
            ],
            "pension.assessor": [
                ("w-tasks", reverse("counter_tasks")),
                ("w-case", reverse("counter_case", args=[no])),
                ("w-case-done", reverse("counter_case", args=[no2])),
                ("w-person", reverse("counter_person", args=[s.person_id])),
                ("w-unit", reverse("counter_unit", args=[s.unit_id])),
                ("w-start", reverse("counter_start")),
                ("w-apply", reverse("counter_apply", args=["TT-101"]) + "?who=" + scenes.ID_NUMBER),
                ("w-month", reverse("counter_month", args=[run.pk])),
                ("w-explained", reverse("counter_explained", args=[no2])),
                ("w-find", reverse("counter_find") + "?q=林"),
            ],
            "audit.reader": [
                ("a-trail", reverse("counter_audit")),
                ("a-rows", reverse("counter_history")),
                ("a-verify", reverse("counter_verify")),
            ],
        }
        only = os.environ.get("ONLY", "").split(",") if os.environ.get("ONLY") else None
        langs = os.environ.get("LANGS", "zh-CN,en-US").split(",")
        widths = [int(w) for w in os.environ.get("WIDTHS", "1440,390").split(",")]
        from django.test import Client

        with sync_playwright() as p:
            b = p.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
            for who, items in pages.items():
                items = [i for i in items if not only or i[0] in only]
                if not items:
                    continue
                cookie = None
                if who:
                    c = Client()
                    with acting(SYSTEM, "t"):
                        c.force_login(s.users[who], "dashebao.kernel.identity.backends.PasswordBackend")
                    cookie = c.cookies["sessionid"].value
                for lang in langs:
                    for w in widths:
                        ctx = b.new_context(viewport={"width": w, "height": 900}, locale=lang, reduced_motion="reduce")
                        if cookie:
                            ctx.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
                        pg = ctx.new_page()
                        errs = []
                        other = []
                        pg.on("console", lambda m: errs.append(m.text) if m.type in ("error", "warning") else None)
                        pg.on("pageerror", lambda e: errs.append(str(e)))
                        pg.on(
                            "request",
                            lambda r: other.append(r.url) if not r.url.startswith((live_server.url, "data:")) else None,
                        )
                        for name, url in items:
                            errs.clear()
                            pg.goto(live_server.url + url)
                            pg.screenshot(path=f"{OUT}{name}-{lang[:2]}-{w}.png", full_page=True)
                            over = pg.evaluate("document.documentElement.scrollWidth-innerWidth")
                            ax = []
                            if lang == langs[0]:
                                r = Axe().run(
                                    pg, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
                                )
                                ax = [
                                    (v["id"], [n["html"][:110] for n in v["nodes"][:3]])
                                    for v in r.response["violations"]
                                ]
                            words = ""
                            if lang == "zh-CN":
                                import re

                                words = sorted(
                                    set(
                                        re.findall(
                                            r"(?<![\w./@-])[A-Za-z]{3,}(?![\w/@])", pg.locator("body").inner_text()
                                        )
                                    )
                                )
                            print(
                                "SHOT",
                                name,
                                lang,
                                w,
                                "over",
                                over,
                                "errs",
                                errs[:2],
                                "axe",
                                ax,
                                "words",
                                words,
                                "other",
                                other,
                            )
                        ctx.close()
            b.close()
