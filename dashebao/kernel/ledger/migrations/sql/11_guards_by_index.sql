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

create or replace function lg.lines_whole() returns trigger
language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off as $$
declare v_bad record; v_low int; v_high int;
begin
  select min(month), max(month) into v_low, v_high from new_rows;
  select d.journal_id, d.balanced, d.tied into v_bad from (
    select n.month, n.journal_id, count(*) as lines, min(n.book_id) as book_id,
           sum(n.amount_fen) = 0 and count(*) >= 2 and min(n.book_id) = max(n.book_id) as balanced,
           -- Control accounts: the sub-lines of the journal sum to minus its lines; accounts belong to the book.
           bool_and(coalesce((
             select a.book_id = n.book_id and (not a.control or coalesce((
                      select s.amount_fen = - (select sum(e.amount_fen) from ledger_entry e
                               where e.month between v_low and v_high and e.month = n.month and e.journal_id = n.journal_id and e.account_id = n.account_id)
                        from ledger_subtotal s where s.month between v_low and v_high and s.month = n.month and s.journal_id = n.journal_id and s.account_id = n.account_id), false))
               from ledger_account a where a.id = n.account_id), false)) as tied
      from new_rows n group by 1, 2) d
   where not d.balanced or not d.tied
      or d.lines <> (select count(*) from ledger_entry e where e.month between v_low and v_high and e.month = d.month and e.journal_id = d.journal_id)
      or (select j.xid = records_xid() and j.book_id = d.book_id from ledger_journal j
           where j.month between v_low and v_high and j.month = d.month and j.id = d.journal_id) is distinct from true
      or (select true from ledger_subtotal s where s.month between v_low and v_high and s.month = d.month and s.journal_id = d.journal_id and (
           select true from ledger_entry e join ledger_account a on a.id = e.account_id and a.control
            where e.month between v_low and v_high and e.month = d.month and e.journal_id = d.journal_id and e.account_id = s.account_id limit 1) is null limit 1) limit 1;
  if found then
    raise exception '%', case when not v_bad.balanced then 'journal does not balance' when not v_bad.tied then
      'control account does not tie to its sub-lines' else 'journal is posted already, or has sub-lines without their control account' end
      using errcode = 'LG003', detail = v_bad.journal_id::text;
  end if;
  return null;
end $$;
