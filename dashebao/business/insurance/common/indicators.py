"""What running benefits offer to indicators and supervision: benefits and the parts of their monthly amount."""

from django.utils.translation import gettext_lazy as _

from dashebao.platform.data_centre.api import Subject, register_subject

BENEFIT = register_subject(
    Subject(
        name="common.benefit",
        title=_("Running benefits"),
        columns=(
            "id",
            "person_id",
            "region_code",
            "scheme",
            "kind",
            "state",
            "start_month",
            "end_month",
            "monthly_fen",
        ),
        sql="""select b.id, b.person_id, b.region_code, b.scheme, b.kind, b.state, b.start_month, b.end_month, b.monthly_fen
from common_benefit b""",
    )
)
PART = register_subject(
    Subject(
        name="common.part",
        title=_("Parts of monthly benefits"),
        columns=("benefit_id", "kind", "from_month", "amount_fen"),
        sql="select c.benefit_id, c.kind, c.from_month, c.amount_fen from common_benefitcomponent c",
    )
)
