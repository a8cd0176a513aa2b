"""One thing behind every address that names one: whose it is, and a word that only its page may show.

Each query gives the values of the address, that word ("" where the answer is a file), and the owner's id (a person's at
the portal, a unit's at the employer portal). Everything lies outside the strangers' county.
"""

AWAY = "region_code <> '440305'"
OF_A_PERSON = f"from cases_case c where c.{AWAY} and c.applicant_kind = 'person' and c.person_id > 0"
OF_A_UNIT = f"from cases_case c where c.{AWAY} and c.applicant_kind = 'unit' and c.unit_id > 0"
LETTER = "(select min(l.id)::text from cases_caseletter l where l.case_id = c.id)"
WITH_LETTER = "and exists (select 1 from cases_caseletter l where l.case_id = c.id)"
EXPLAINED = "and exists (select 1 from cases_decision d where d.case_id = c.id and d.trace <> 'null')"
PERSON = f"from registry_person p where p.{AWAY} and exists (select 1 from levy_enrolment e where e.person_id = p.id)"
UNIT = f"from registry_unit u where u.{AWAY}"
BILL = f"from levy_bill b join registry_unit u on u.id = b.unit_id where b.{AWAY} and b.headcount > 0"
PAPER = "from papers_issuedpaper i where"

COUNTER = {
    "counter_case": f"select array[case_no], applicant_name, 0 {OF_A_PERSON}",
    "counter_case_paper": f"select array[case_no, {LETTER}], '', 0 {OF_A_PERSON} {WITH_LETTER}",
    "counter_explained": f"select array[case_no], '', 0 {OF_A_PERSON} {EXPLAINED}",
    "counter_file": f"select array[c.case_no, m.name], '', 0 from cases_case c join cases_casematerial m"
    f" on m.case_id = c.id where c.{AWAY} and m.file_id is not null",
    "counter_letter": f"select array[case_no, {LETTER}], applicant_name, 0 {OF_A_PERSON} {WITH_LETTER}",
    "counter_refusing": f"select array[case_no], '', 0 {OF_A_PERSON} and state in ('submitted', 'accepted')",
    "counter_issued_file": f"select array[id::text], '', 0 {PAPER} {AWAY}",
    "counter_issued_paper": f"select array[id::text], number, 0 {PAPER} {AWAY}",
    "counter_paper_print": f"select array['levy.slip', b.unit_id::text, b.id::text], '', 0 {BILL}",
    "counter_papers": f"select array['person', p.id::text], p.name, 0 {PERSON}",
    "counter_person": f"select array[p.id::text], p.name, 0 {PERSON}",
    "counter_person_past": f"select array[p.id::text], p.name, 0 {PERSON}",
    "counter_reveal": f"select array[p.id::text], '', 0 {PERSON}",
    "counter_unit": f"select array[u.id::text], u.name, 0 {UNIT}",
    "counter_unit_past": f"select array[u.id::text], u.name, 0 {UNIT}",
    "fund_account": "select array[a.id::text], '', 0 from ledger_account a join ledger_book b on b.id = a.book_id"
    " where b.region = '440000'",
    "fund_batch": f"select array[id::text], msg_id, 0 from fund_paymentbatch where {AWAY}",
    "fund_journal": "select array[j.id::text], '', 0 from ledger_journal j join ledger_book b on b.id = j.book_id"
    " where b.region = '440000'",
    "supervision_finding": f"select array[id::text], '', 0 from supervision_finding where {AWAY}",
    "pension_award": "select array[a.id::text], p.name, 0 from pension_award a join registry_person p"
    f" on p.id = a.person_id where a.{AWAY} and a.trace <> 'null'",
    "pension_estimate": f"select array[p.id::text], p.name, 0 {PERSON}",
    "pension_statement": f"select array[p.id::text], p.name, 0 {PERSON}",
    "pension_transfer": "select array[t.id::text], p.name, 0 from pension_transfer t join registry_person p"
    f" on p.id = t.person_id where t.{AWAY}",
    "levy_counter_slip": f"select array[b.id::text], u.name, 0 {BILL}",
    "levy_person": f"select array[p.id::text], p.name, 0 {PERSON}",
    "open_api_change": f"select array[id::text], name, 0 from open_api_apiclient where {AWAY}",
    "open_api_client": f"select array[id::text], name, 0 from open_api_apiclient where {AWAY}",
    "admin_office": "select array[id::text], name, 0 from identity_office where region_code = '440100'",
    "admin_officer": "select array[id::text], username, 0 from identity_user where username = 'levy-clerk'",
    "windows_number": "select array[id::text], '', 0 from windows_ticket where region_code = '440100'",
}
PORTAL = {
    "portal_case": f"select array[case_no], '', person_id {OF_A_PERSON}",
    "portal_case_paper": f"select array[case_no, {LETTER}], '', person_id {OF_A_PERSON} {WITH_LETTER}",
    "portal_done": f"select array[case_no], '', person_id {OF_A_PERSON}",
    "portal_explained": f"select array[case_no], '', person_id {OF_A_PERSON} {EXPLAINED}",
    "portal_letter": f"select array[case_no, {LETTER}], '', person_id {OF_A_PERSON} {WITH_LETTER}",
    "portal_issued_paper": f"select array[id::text], '', person_id {PAPER} person_id is not null and unit_id is null",
    "portal_message": "select array[id::text], title_en, person_id from portal_message where title_en <> ''",
    "portal_paper_print": f"select array['pension.award', a.id::text], '', person_id from pension_award a where a.{AWAY}"
    " and a.trace <> 'null'",
}
EMPLOYER = {
    "employer_case": f"select array[case_no], '', unit_id {OF_A_UNIT}",
    "employer_case_paper": f"select array[case_no, {LETTER}], '', unit_id {OF_A_UNIT} {WITH_LETTER}",
    "employer_explained": f"select array[case_no], '', unit_id {OF_A_UNIT}",
    "employer_letter": f"select array[case_no, {LETTER}], '', unit_id {OF_A_UNIT} {WITH_LETTER}",
    "employer_issued_paper": f"select array[id::text], '', unit_id {PAPER} unit_id is not null",
    "employer_paper_print": f"select array['levy.slip', b.id::text], '', b.unit_id {BILL}",
    "employer_rights": "select array[id::text], name, unit_id from identity_user where username = 'employer-staff'",
    "levy_bill_file": f"select array[b.id::text], '', b.unit_id {BILL}",
    "levy_bill_lines": f"select array[b.id::text], '', b.unit_id {BILL}",
    "levy_slip": f"select array[b.id::text], '', b.unit_id {BILL}",
    "levy_staff_person": "select array[e.person_id::text], p.name, e.unit_id from levy_enrolment e"
    f" join registry_person p on p.id = e.person_id where e.{AWAY} and e.unit_id is not null",
}
OWNED = COUNTER | PORTAL | EMPLOYER

# Nobody's own: every holder of the page's duty may open it, wherever the office is (the law in force, the month, drafts
# of public notices); everybody else is refused.
BY_DUTY = {
    "admin_calendar": "select array['2026']",
    "admin_code": "select array['nation']",
    "admin_code_propose": "select array['nation']",
    "admin_job": "select array[min(id)::text] from batches_run",
    "admin_parameter": "select array['residents.basic']",
    "admin_parameter_export": "select array['residents.basic']",
    "admin_parameter_propose": "select array['residents.basic']",
    "admin_proposal": "select array[min(id)::text] from administration_proposal",
    "counter_apply": "select array['SI-402']",
    "counter_month": "select array[min(id)::text] from batches_run",
    "notices_edit": "select array[min(id)::text] from notices_notice where state = 'draft'",
    "employer_apply": "select array['SI-201']",
    "portal_check": "select array['SI-301']",
}
# What an address is asked with besides.
ASKED = {"fund_account": "?month=2026-11"}
# Public: by a code that is itself the proof, or nothing of a person.
PUBLIC = {"notices_notice", "open_api_operation", "paper_check_code", "portal_apply", "portal_guide"}
