-- The guards of 09_one_journal.sql without EXISTS: for a set of many journals PostgreSQL answers an EXISTS by reading the whole month into
-- a hash table, and it keeps that plan, so each single posting of that session read the whole month too. A scalar subquery is always
-- looked up by index.
create or replace function lg.sub_lines_whole() returns trigger
language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off as $$
declare v_bad uuid; v_low int; v_high int;
begin
  select min(month), max(month) into v_low, v_high from new_rows;
  with totals as (
    insert into ledger_subtotal (month, journal_id, account_id, amount_fen)
      select month, journal_id, account_id, sum(amount_fen)::bigint
        from (select n.month, n.journal_id, n.amount_fen,
                     (select s.account_id from ledger_subaccount s where s.id = n.subaccount_id) as account_id from new_rows n) t
       group by 1, 2, 3
    returning month, journal_id)
  select d.journal_id into v_bad from (select distinct month, journal_id from totals) d
   where (select j.xid from ledger_journal j where j.month between v_low and v_high and j.month = d.month and j.id = d.journal_id)
           is distinct from records_xid()
      or (select e.line from ledger_entry e where e.month between v_low and v_high and e.month = d.month and e.journal_id = d.journal_id limit 1) is not null limit 1;
  if found then
    raise exception 'sub-line outside a journal being posted' using errcode = 'LG003', detail = v_bad::text;
  end if;
  return null;
end $$;

-- All lines of a journal come in one statement (the count says so), so what they sum to is taken from the new rows. The table is asked by
-- its primary key only: with a condition on the account as well, PostgreSQL may read all lines of that account in the month by the index on
-- accounts.
create or replace function lg.lines_whole() returns trigger
language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off as $$
declare v_bad record; v_low int; v_high int;
begin
  select min(month), max(month) into v_low, v_high from new_rows;
  select d.journal_id, d.balanced, d.tied into v_bad from (
    select t.month, t.journal_id, sum(t.lines) as lines, min(t.book_id) as book_id, count(*) filter (where t.control) as controls,
           sum(t.amount_fen) = 0 and sum(t.lines) >= 2 and min(t.book_id) = max(t.other) as balanced,
           -- Control accounts: the sub-lines of the journal sum to minus its lines; accounts belong to the book.
           bool_and(case when not t.control then true when t.control then coalesce((
             select s.amount_fen = - t.amount_fen from ledger_subtotal s where s.month between v_low and v_high
                and s.month = t.month and s.journal_id = t.journal_id and s.account_id = t.account_id), false) else false end) as tied
      from (select n.*, (select a.control from ledger_account a where a.id = n.account_id and a.book_id = n.book_id) as control
              from (select month, journal_id, account_id, min(book_id) as book_id, max(book_id) as other, count(*) as lines, sum(amount_fen) as amount_fen
                      from new_rows group by 1, 2, 3) n offset 0) t
     group by 1, 2) d
   where not d.balanced or not d.tied
      or d.lines <> (select count(*) from ledger_entry e where e.month between v_low and v_high and e.month = d.month and e.journal_id = d.journal_id)
      or (select j.xid = records_xid() and j.book_id = d.book_id from ledger_journal j
           where j.month between v_low and v_high and j.month = d.month and j.id = d.journal_id) is distinct from true
      or d.controls <> (select count(*) from ledger_subtotal s
           where s.month between v_low and v_high and s.month = d.month and s.journal_id = d.journal_id) limit 1;
  if found then
    raise exception '%', case when not v_bad.balanced then 'journal does not balance' when not v_bad.tied then
      'control account does not tie to its sub-lines' else 'journal is posted already, or has sub-lines without their control account' end
      using errcode = 'LG003', detail = v_bad.journal_id::text;
  end if;
  return null;
end $$;
