"""Makes the pictures of docs/screens from a served demonstration: `python -m tests.journeys.pictures DATA PORT`."""

import subprocess
import sys
from base64 import b64encode
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from drills.folders import ROOT
from tests.journeys.acts import act_on, apply_at_portal
from tests.journeys.product import Product
from tests.journeys.visitors import BROWSER, CHROMIUM, Visitors

FOLDER = ROOT / "docs" / "screens"
MOST_BYTES = 300_000
FEWER_COLOURS = """async source => {
  const image = new Image();
  image.src = source;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const drawn = pen.getImageData(0, 0, image.width, image.height);
  drawn.data.forEach((value, place) => { if (place % 4 < 3) drawn.data[place] = Math.min(255, Math.round(value / 8) * 8); });
  pen.putImageData(drawn, 0, 0);
  const blob = await canvas.convertToBlob({type: "image/png"});
  return [...new Uint8Array(await blob.arrayBuffer())];
}"""
LANGUAGES, WIDTHS = ("zh", "en"), (1440, 390)
KINDS = (  # name of the picture, who looks, address
    ("sign-in", "", "/sign-in/"),
    ("portal", "citizen", "/"),
    ("services", "", "/services/"),
    ("guide", "", "/services/SI-401/"),
    ("apply", "citizen", "/my/apply/SI-401/"),
    ("insurance", "citizen", "/my/insurance/"),
    ("record", "citizen", "/my/record/"),
    ("estimate", "citizen", "/my/pension/estimate/"),
    ("award", "citizen-pensioner", "/my/pension/award/"),
    ("my-cases", "citizen-retiring", "/my/cases/"),
    ("agents", "citizen", "/my/agents/"),
    ("messages", "citizen-retiring", "/my/messages/"),
    ("access", "citizen-pensioner", "/my/access/"),
    ("offices", "", "/offices/"),
    ("check", "", "/check/"),
    ("interface", "", "/api/"),
    ("employer", "employer", "/employer/"),
    ("staff", "employer", "/employer/staff/"),
    ("declaration", "employer", "/employer/declare/"),
    ("bills", "employer", "/employer/bills/"),
    ("operators", "employer", "/employer/operators/"),
    ("tasks", "pension-clerk", "/counter/tasks/"),
    ("cases", "pension-clerk", "/counter/cases/"),
    ("start", "pension-clerk", "/counter/start/"),
    ("window", "pension-clerk", "/counter/windows/"),
    ("hall", "pension-clerk", "/counter/windows/board/"),
    ("month", "fund-maker", "/counter/month/"),
    ("batches", "fund-maker", "/counter/fund/batches/"),
    ("ledger", "fund-maker", "/counter/fund/ledger/"),
    ("statements", "fund-maker", "/counter/fund/statements/"),
    ("reconciliation", "fund-maker", "/counter/fund/reconciliation/"),
    ("overview", "leader", "/counter/decision/"),
    ("supervision", "supervisor", "/counter/supervision/"),
    ("parameters", "parameter-officer", "/counter/admin/parameters/"),
    ("parameter", "parameter-officer", "/counter/admin/parameter/pension.calc_base/"),
    ("proposals", "parameter-officer", "/counter/admin/proposals/"),
    ("calendar", "parameter-officer", "/counter/admin/calendar/2026/"),
    ("officers", "admin", "/counter/admin/officers/"),
    ("jobs", "operations", "/counter/admin/jobs/"),
    ("audit", "auditor", "/counter/audit/"),
    ("rows", "auditor", "/counter/audit/rows/"),
)


PENSIONER = (  # of the officers' own city
    "select p.id from registry_person p join pension_award a on a.person_id = p.id"
    " where p.region_code like '4401%' order by a.id limit 1"
)
UNIT = "select id from registry_unit where region_code like '4401%' order by id limit 1"


def lighten(browser: Browser, path: Path) -> None:
    """Draw a picture that is too heavy (a large gradient) with fewer colours."""
    source = "data:image/png;base64," + b64encode(path.read_bytes()).decode()
    page = browser.new_page()
    path.write_bytes(bytes(page.evaluate(FEWER_COLOURS, source)))
    page.close()


def main(data: Path, port: int) -> None:
    """Claim a pension, take it to the assessor, and photograph that case, its person and every kind of page."""
    product = Product(data, port, subprocess.Popen(["true"]))
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        visitors = Visitors(product, playwright.chromium.launch(executable_path=BROWSER, args=CHROMIUM))
        number = apply_at_portal(visitors.enter("citizen-retiring"), "SI-401", {"retire_month": "2026-10"})
        act_on(visitors.enter("pension-clerk"), number, "Accept")
        told = (
            ("case", "pension-assessor", f"/counter/case/{number}/"),
            ("progress", "citizen-retiring", f"/my/cases/{number}/"),
            ("person", "pension-clerk", f"/counter/person/{product.rows(PENSIONER)[0][0]}/"),
            ("unit", "levy-clerk", f"/counter/unit/{product.rows(UNIT)[0][0]}/"),
        )
        for name, username, path in (*KINDS, *told):
            for language in LANGUAGES:
                page = visitors.enter(username, language=language)
                answer = page.goto(path)
                assert getattr(answer, "ok", False), f"{username} is not shown {path}"
                page.wait_for_load_state("networkidle")
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 900})
                    page.screenshot(path=FOLDER / f"{name}-{language}-{width}.png")
                visitors.leave()
        for path in FOLDER.glob("*.png"):
            if path.stat().st_size > MOST_BYTES:
                lighten(visitors.browser, path)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]))
