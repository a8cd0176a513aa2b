"""Papers as the web process makes them: row-level security on every statement."""

import pytest
from django.test import Client
from django.urls import reverse

from dashebao.kernel.cases.tests.conftest import signed_in_as
from dashebao.kernel.records.api import SYSTEM, Actor, acting
from dashebao.platform.service_centre.papers.api import IssuedPaper, revoke


@pytest.mark.django_db(transaction=True)
def test_a_citizen_gets_a_paper_an_officer_revokes_it_and_anybody_checks_it(scene, granted, as_user):
    citizen = as_user("citizen")
    with signed_in_as("dashebao_web"):
        assert citizen.get(reverse("portal_case_paper", args=[granted, "result"])).status_code == 200
        assert citizen.get(reverse("portal_papers")).status_code == 200
        with acting(Actor("person", scene.person_id)):
            paper = IssuedPaper.objects.get()
        with acting(Actor("person", scene.person_id + 1)):
            assert not IssuedPaper.objects.exists()
        with acting(Actor("officer", 1, region="4403")):
            assert not IssuedPaper.objects.exists()
        anybody = Client(headers={"accept-language": "en"})
        assert "genuine and holds" in anybody.get(reverse("paper_check_code", args=[paper.code])).content.decode()
        revoke(paper.pk, "申请人申请更正", by=scene.users["pension.clerk"])
        assert "was revoked on" in anybody.get(reverse("paper_check_code", args=[paper.code])).content.decode()
    with acting(SYSTEM, "test"):
        assert IssuedPaper.objects.count() == 1
