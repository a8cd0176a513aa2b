"""Makes the pictures of docs/screens from a served demonstration: `python -m tests.journeys.pictures DATA PORT`."""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.journeys.acts import act_on, apply_at_portal
from tests.journeys.product import ROOT, Product
from tests.journeys.visitors import CHROMIUM, Visitors

FOLDER = ROOT / "docs" / "screens"
LANGUAGES, WIDTHS = ("zh", "en"), (1440, 390)
KINDS = (  # name of the picture, who looks, address
    ("portal", "citizen", "/"),
    ("guide", "", "/services/SI-401/"),
    ("insurance", "citizen", "/my/insurance/"),
    ("estimate", "citizen", "/my/pension/estimate/"),
    ("award", "citizen-pensioner", "/my/pension/award/"),
    ("access", "citizen-pensioner", "/my/access/"),
    ("employer", "employer", "/employer/"),
    ("staff", "employer", "/employer/staff/"),
    ("operators", "employer", "/employer/operators/"),
    ("tasks", "pension-clerk", "/counter/tasks/"),
    ("window", "pension-clerk", "/counter/windows/"),
    ("month", "fund-maker", "/counter/month/"),
    ("ledger", "fund-maker", "/counter/fund/ledger/"),
    ("statements", "fund-maker", "/counter/fund/statements/"),
    ("overview", "leader", "/counter/decision/"),
    ("supervision", "supervisor", "/counter/supervision/"),
    ("parameters", "parameter-officer", "/counter/admin/parameters/"),
    ("audit", "auditor", "/counter/audit/"),
    ("interface", "", "/api/"),
    ("check", "", "/check/"),
)


def main(data: Path, port: int) -> None:
    """Claim a pension, take it to the assessor, and photograph that case, its person and every kind of page."""
    product = Product(data, port, subprocess.Popen(["true"]))
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        visitors = Visitors(product, playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM))
        number = apply_at_portal(visitors.enter("citizen-retiring"), "SI-401", {"retire_month": "2026-10"})
        act_on(visitors.enter("pension-clerk"), number, "Accept")
        ((person,),) = product.rows(f"select person_id from cases_case where case_no = '{number}'")
        told = (
            ("case", "pension-assessor", f"/counter/case/{number}/"),
            ("person", "pension-clerk", f"/counter/person/{person}/"),
        )
        for name, username, path in (*KINDS, *told):
            for language in LANGUAGES:
                for width in WIDTHS:
                    page = visitors.enter(username, width=width, language=language)
                    page.goto(path)
                    page.wait_for_load_state("networkidle")
                    page.screenshot(path=FOLDER / f"{name}-{language}-{width}.png")
                    visitors.leave()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]))
