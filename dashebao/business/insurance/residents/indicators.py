"""What the residents' pension offers to indicators and supervision: memberships."""

from django.utils.translation import gettext_lazy as _

from dashebao.platform.data_centre.api import Subject, register_subject

MEMBER = register_subject(
    Subject(
        name="residents.member",
        title=_("Members of the residents' pension"),
        columns=("person_id", "region_code", "enrolled_on", "ended_on"),
        sql="select m.person_id, m.region_code, m.enrolled_on, m.ended_on from residents_residentenrolment m",
    )
)
