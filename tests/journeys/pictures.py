"""Makes the README's pictures from a served demonstration: `python -m tests.journeys.pictures DATA PORT`."""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.journeys.acts import act_on, apply_at_portal
from tests.journeys.product import ROOT, Product
from tests.journeys.visitors import CHROMIUM, Visitors

FOLDER = ROOT / "docs" / "screens"
PAGES = (
    ("portal-{language}-{width}.png", "citizen", "/", ("zh", "en"), (390,)),
    ("estimate-{language}-{width}.png", "citizen", "/my/pension/estimate/", ("zh",), (1440,)),
    ("award-{language}-{width}.png", "citizen-pensioner", "/my/pension/award/", ("zh", "en"), (1440, 390)),
    ("month-{language}-{width}.png", "fund-maker", "/counter/month/", ("zh", "en"), (1440,)),
)


def main(data: Path, port: int) -> None:
    """Claim a pension, take it to the assessor, and photograph that case and the other pages."""
    product = Product(data, port, subprocess.Popen(["true"]))
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        visitors = Visitors(product, playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM))
        number = apply_at_portal(visitors.enter("citizen-retiring"), "SI-401", {"retire_month": "2026-10"})
        act_on(visitors.enter("pension-clerk"), number, "Accept")
        cases = (
            "case-{language}-{width}.png",
            "pension-assessor",
            f"/counter/case/{number}/",
            ("zh", "en"),
            (1440, 390),
        )
        for name, username, path, languages, widths in (*PAGES, cases):
            for language in languages:
                for width in widths:
                    page = visitors.enter(username, width=width, language=language)
                    page.goto(path)
                    page.wait_for_load_state("networkidle")
                    page.screenshot(path=FOLDER / name.format(language=language, width=width))
                    visitors.leave()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]))
