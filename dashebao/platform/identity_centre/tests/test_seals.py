"""Seals: made once, renewed, withdrawn; a sealed file shows every change."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.urls import reverse

from dashebao.kernel.identity.api import NotPermitted
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.records.models import AuditEntry
from dashebao.platform.identity_centre import keeping
from dashebao.platform.identity_centre.api import (
    SealError,
    current_seal,
    examined,
    renew_seal,
    sealed,
    seals,
    withdraw_seal,
)
from dashebao.platform.screens.tests import scene as scenes
from dashebao.platform.service_centre.papers.printing import printed, qr
from dashebao.platform.service_centre.papers.register import SHEET


@pytest.fixture(autouse=True)
def own_folder(tmp_path, settings):
    settings.DATA = tmp_path


@pytest.fixture(scope="module")
def pdf():
    words = dict.fromkeys(("code", "check", "number", "page", "qr"), "x")
    said = {"heading": "证明", "own_number": "", "note": "", "wide": False, "letter": False, "dated": "", "parts": []}
    named = dict.fromkeys(("number", "code", "check", "subtitle", "office", "seal", "date"), "章")
    return printed(SHEET, said | named | {"language": "zh", "words": words, "qr": qr("x")})


@pytest.fixture
def administrator(db):
    scene = scenes.build()
    with acting(SYSTEM, "test"):
        return scenes.officer("admin.users", "管理员", scene.users["pension.clerk"].office)


def test_a_sealed_file_is_good_and_an_unsealed_one_is_not(pdf):
    found = examined(sealed(pdf, "签发"))
    assert found.good
    assert "印章" in found.name
    assert not examined(pdf).sealed
    assert not examined(b"nothing at all").sealed


def test_one_changed_byte_anywhere_breaks_the_seal(pdf):
    file = sealed(pdf)
    for place in range(10, len(pdf), len(pdf) // 25):
        changed = bytearray(file)
        changed[place] ^= 1
        assert not examined(bytes(changed)).good, place
    assert not examined(file + b"\n% something added\n").good


def test_a_seal_of_somebody_elses_authority_is_not_trusted(pdf, tmp_path, settings):
    ours = sealed(pdf)
    settings.DATA = tmp_path / "another"
    settings.DATA.mkdir()
    found = examined(ours)
    assert found.sealed
    assert found.intact
    assert not found.trusted


def test_keys_are_made_once_and_for_their_owner_only(tmp_path):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _n: keeping.folder(), range(8)))
    folder = keeping.folder()
    assert len(list(folder.glob("*.key"))) == 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert list(folder.parent.glob(".seals.*")) == []


def test_a_new_seal_takes_over_and_what_was_sealed_before_stays_good(pdf, administrator):
    before = sealed(pdf)
    renew_seal("每年更换", by=administrator)
    assert current_seal().number == 2
    after = sealed(pdf)
    assert examined(before).good
    assert examined(after).name.endswith("002")
    with acting(SYSTEM, "test"):
        assert AuditEntry.objects.filter(verb="identity_centre.seal_renewed").exists()


def test_a_withdrawn_seal_is_trusted_no_more(pdf, administrator):
    before = sealed(pdf)
    withdraw_seal(1, "密钥可能泄露", by=administrator)
    assert examined(before).intact
    assert not examined(before).trusted
    assert examined(sealed(pdf)).good
    assert seals()[-1].reason == "密钥可能泄露"
    with pytest.raises(SealError):
        withdraw_seal(1, "密钥可能泄露", by=administrator)


def test_only_the_administrator_may_and_only_with_a_reason(administrator, client):
    with pytest.raises(SealError):
        renew_seal(" ", by=administrator)
    with acting(SYSTEM, "test"):
        clerk = type(administrator).objects.get(username="pension.clerk")
    with pytest.raises(NotPermitted):
        renew_seal("每年更换", by=clerk)
    assert [seal.number for seal in seals()] == [1]
    for user, status in ((administrator, 200), (clerk, 403)):
        with acting(SYSTEM, "test"):
            client.force_login(user, "dashebao.kernel.identity.backends.PasswordBackend")
        assert client.get(reverse("identity_centre_seals")).status_code == status


@pytest.mark.django_db
def test_root_and_list_of_withdrawn_seals_are_public(client):
    assert b"BEGIN CERTIFICATE" in client.get(reverse("identity_centre_root")).content
    assert client.get(reverse("identity_centre_withdrawn"))["Content-Type"] == "application/pkix-crl"
