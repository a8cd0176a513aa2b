"""What the employees' pension offers to supervision: the awards in force."""

from django.utils.translation import gettext_lazy as _

from dashebao.platform.data_centre.api import Subject, register_subject

AWARD = register_subject(
    Subject(
        name="pension.award",
        title=_("Pension awards in force"),
        columns=("id", "person_id", "region_code", "case_no", "retire_month", "start_month", "months", "law_on"),
        sql="""select a.id, a.person_id, a.region_code, a.case_no, a.retire_month, a.start_month,
  a.paid_months + a.deemed_months as months, a.law_on
from pension_award a where not exists (select 1 from pension_award n where n.supersedes_id = a.id)""",
    )
)
