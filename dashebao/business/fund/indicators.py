"""What the fund accounts offer to indicators and supervision: movements of the books, and payments that reached people."""

from django.utils.translation import gettext_lazy as _

from dashebao.platform.data_centre.api import Subject, register_subject

MOVEMENT = register_subject(
    Subject(
        name="fund.movement",
        title=_("Entries of the books"),
        columns=("month", "region_code", "scheme", "code", "journal_kind", "amount_fen"),
        sql="""select e.month, b.region as region_code, b.fund as scheme, a.code, j.kind as journal_kind, e.amount_fen
from ledger_entry e join ledger_account a on a.id = e.account_id join ledger_book b on b.id = e.book_id
join ledger_journal j on j.month = e.month and j.id = e.journal_id""",
    )
)
PAID = register_subject(
    Subject(
        name="fund.paid",
        title=_("Payments that reached their payee"),
        columns=(
            "month", "run_month", "line_id", "person_id", "payee_person_id", "region_code", "scheme", "fund",
            "benefit_kind", "amount_fen", "account_number", "batch_id", "paid_on",
        ),
        sql="""select l.month, l.run_month, l.id as line_id, l.person_id, l.payee_person_id, l.region_code, l.scheme,
  l.fund, l.benefit_kind, l.amount_fen, p.account_number, r.batch_id, r.on_date as paid_on
from fund_paymentline l
join fund_paymentresult r on r.month = l.month and r.line_id = l.id and r.status = 'paid'
join fund_paymentbatchline p on p.month = r.month and p.line_id = r.line_id and p.attempt = r.attempt
where not exists (select 1 from fund_paymentresult x where x.month = r.month and x.line_id = r.line_id
                  and x.attempt = r.attempt and x.status = 'returned')""",
    )
)  # fmt: skip
