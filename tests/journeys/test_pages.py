"""Every registered page on the demonstration's data, in both languages and widths: accessible, fitting, translated."""

import pytest

from dashebao.platform.screens.api import Face, pages
from tests.journeys.looking import address_of, look_at, opened

pytestmark = pytest.mark.browser
STATIC = sorted(
    (page for face in Face for page in pages(face) if "<" not in page.path), key=lambda page: (page.face, page.name)
)
OF_ALL_FACES = ("/sign-in/", "/account/", "/account/password/", "/account/second-factor/")


@pytest.fixture(scope="session")
def holders(product):
    """A demonstration account for every duty."""
    held = product.rows(
        "select g.role, min(u.username) from identity_grant g join identity_user u on u.id = g.user_id"
        " where g.valid_during @> current_date group by g.role"
    )
    return dict(held)


def username_for(page, holders):
    """Who opens the page: the first holder of one of its duties, the demonstration's citizen or employer."""
    if page.face is Face.PORTAL:
        return "" if page.public else "citizen-retiring"
    if page.face is Face.EMPLOYER:
        return "employer"
    return next((holders[role] for role in page.roles if role in holders), None)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", STATIC, ids=lambda page: page.name)
def test_the_page_is_accessible_fits_and_is_translated(windows, holders, page, language):
    username = username_for(page, holders)
    assert username is not None, f"nobody in the demonstration holds any of {page.roles}"
    window = windows(username, language)
    if opened(window, address_of(page)):
        look_at(window, language, axe_in="en" if page.face is Face.COUNTER else "zh")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("address", OF_ALL_FACES)
def test_a_page_that_all_faces_share_is_accessible_fits_and_is_translated(windows, address, language):
    window = windows("" if address == "/sign-in/" else "levy-clerk", language)
    assert opened(window, address)
    look_at(window, language, axe_in="zh")
