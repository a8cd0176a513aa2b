"""What the levy offers to indicators and supervision: enrolments, contribution lines by scheme, what is owed and paid."""

from django.utils.translation import gettext_lazy as _

from dashebao.platform.data_centre.api import Subject, register_subject

ENROLMENT = register_subject(
    Subject(
        name="levy.enrolment",
        title=_("Enrolments by insurance"),
        columns=("person_id", "unit_id", "region_code", "scheme", "identity", "valid_during"),
        sql="""select e.person_id, e.unit_id, e.region_code, s.number::text as scheme, e.identity, e.valid_during
from levy_enrolment e cross join lateral unnest(e.schemes) s(number)""",
    )
)
LINE = register_subject(
    Subject(
        name="levy.line",
        title=_("Contribution lines by insurance"),
        columns=(
            "month", "for_month", "unit_id", "person_id", "region_code", "kind", "paid_month", "scheme", "base_fen",
            "due_fen",
        ),
        sql="""select l.month, l.for_month, l.unit_id, l.person_id, l.region_code, l.kind, l.paid_month, v.scheme,
  v.base_fen, v.due_fen
from levy_contributionline l cross join lateral (values
  ('110', l.pension_base_fen, l.pension_employer_fen + l.pension_worker_fen),
  ('310', l.medical_base_fen, l.medical_employer_fen + l.medical_worker_fen),
  ('510', l.maternity_base_fen, l.maternity_employer_fen),
  ('210', l.unemployment_base_fen, l.unemployment_employer_fen + l.unemployment_worker_fen),
  ('410', l.injury_base_fen, l.injury_employer_fen)) v(scheme, base_fen, due_fen) where v.base_fen > 0""",
    )
)  # fmt: skip
OWED = register_subject(
    Subject(
        name="levy.owed",
        title=_("Contributions billed"),
        columns=("month", "unit_id", "person_id", "region_code", "scheme", "due_fen"),
        sql="""select i.month, i.unit_id, i.person_id, i.region_code, i.scheme, i.employer_fen + i.worker_fen as due_fen
from levy_billitem i where not exists (select 1 from levy_billcancellation c where c.bill_id = i.bill_id)""",
    )
)
RECEIVED = register_subject(
    Subject(
        name="levy.received",
        title=_("Contributions received"),
        columns=("month", "bill_month", "unit_id", "person_id", "region_code", "scheme", "paid_fen"),
        sql="""select a.month, i.month as bill_month, a.unit_id, a.person_id, a.region_code, a.scheme,
  a.employer_fen + a.worker_fen as paid_fen
from levy_allocation a join levy_billitem i on i.id = a.item_id""",
    )
)
