-- Guards that hold whoever writes: whole journals, tied control accounts, kept identities. Statement triggers over the new rows cost a few
-- per cent; per-row or deferred checks cost 20 to 80. SECURITY DEFINER with a fixed search_path, because a trigger otherwise runs under the
-- session's own path and row policies. Look-ups are scalar subqueries under enable_seqscan = off: always index reads, whatever the statistics say.
create function lg.sub_lines_whole() returns trigger
language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off as $$
declare v_bad uuid;
begin
  insert into ledger_subtotal (month, journal_id, account_id, amount_fen)
    select month, journal_id, account_id, sum(amount_fen)::bigint
      from (select n.month, n.journal_id, n.amount_fen,
                   (select s.account_id from ledger_subaccount s where s.id = n.subaccount_id) as account_id from new_rows n) t
     group by 1, 2, 3;
  select d.journal_id into v_bad from (select distinct month, journal_id from new_rows) d
   where (select j.xid from ledger_journal j where j.month = d.month and j.id = d.journal_id) is distinct from records_xid()
      or exists (select 1 from ledger_entry e where e.month = d.month and e.journal_id = d.journal_id) limit 1;
  if found then
    raise exception 'sub-line outside a journal being posted' using errcode = 'LG003', detail = v_bad::text;
  end if;
  return null;
end $$;

create function lg.lines_whole() returns trigger
language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off as $$
declare v_bad uuid;
begin
  select d.journal_id into v_bad
    from (select month, journal_id, sum(amount_fen) as total, count(*) as lines, min(book_id) as book_id, max(book_id) as other
            from new_rows group by 1, 2) d
   where d.total <> 0 or d.lines < 2 or d.book_id <> d.other
      or d.lines <> (select count(*) from ledger_entry e where e.month = d.month and e.journal_id = d.journal_id)
      or (select j.xid = records_xid() and j.book_id = d.book_id from ledger_journal j
           where j.month = d.month and j.id = d.journal_id) is distinct from true limit 1;
  if found then
    raise exception 'journal does not balance, or is posted already' using errcode = 'LG003', detail = v_bad::text;
  end if;
  -- Control accounts: the sub-lines of each journal sum to minus its lines, in both directions; accounts belong to the book.
  select t.journal_id into v_bad
    from (select n.month, n.journal_id, n.account_id, sum(n.amount_fen) as amount_fen, min(n.book_id) as book_id
            from new_rows n group by 1, 2, 3) t
   where (select a.book_id = t.book_id and case when a.control then
              (select s.amount_fen = - t.amount_fen from ledger_subtotal s
                where s.month = t.month and s.journal_id = t.journal_id and s.account_id = t.account_id)
              else true end
            from ledger_account a where a.id = t.account_id) is distinct from true limit 1;
  if found then
    raise exception 'control account does not tie to its sub-lines' using errcode = 'LG003', detail = v_bad::text;
  end if;
  select d.journal_id into v_bad from (select distinct month, journal_id from new_rows) d
   where exists (select 1 from ledger_subtotal s where s.month = d.month and s.journal_id = d.journal_id and not exists (
     select 1 from ledger_entry e join ledger_account a on a.id = e.account_id and a.control
      where e.month = d.month and e.journal_id = d.journal_id and e.account_id = s.account_id)) limit 1;
  if found then
    raise exception 'sub-lines without their control account' using errcode = 'LG003', detail = v_bad::text;
  end if;
  return null;
end $$;

-- Accounts and sub-accounts change in balance only; whose they are, and their limits, stay. The frozen tables are declared in models.py.
create trigger kept_identity before update of id, book_id, code, detail, control, hot, holder_kind, min_balance_fen, max_balance_fen
  on ledger_account for each row execute function records.frozen();
create trigger kept_identity before update of id, account_id, holder, part
  on ledger_subaccount for each row execute function records.frozen();
do $$ declare t text;
begin
  foreach t in array array['ledger_account', 'ledger_subaccount'] loop
    execute format('create trigger kept_rows before delete on %I for each row execute function records.frozen()', t);
    execute format('create trigger kept_truncate before truncate on %I for each statement execute function records.frozen()', t);
  end loop;
end $$;

-- Row triggers of a partitioned table reach its partitions by themselves; statement triggers do not, so each partition gets its own.
create function lg.guard_table(p_table text, p_kind text) returns void language plpgsql set search_path = public, pg_temp as $$
begin
  if p_kind in ('ledger_entry', 'ledger_subentry') then
    execute format('create or replace trigger whole after insert on public.%I referencing new table as new_rows '
      'for each statement execute function lg.%I()', p_table, case p_kind when 'ledger_entry' then 'lines_whole' else 'sub_lines_whole' end);
  end if;
  if p_table <> p_kind then
    execute format('create or replace trigger frozen_truncate before truncate on public.%I for each statement execute function records.frozen()', p_table);
  end if;
end $$;
do $$ begin
  perform lg.guard_table(t, t) from unnest(array['ledger_entry', 'ledger_subentry']) t;
end $$;

-- The partitions of one month, made when the month is first posted to. Attaching takes a lock that stops neither reads nor writes.
create function lg.ensure_month(p_month int) returns void language plpgsql set search_path = public, pg_temp as $$
declare t text; v_part text;
begin
  if p_month is null or p_month not between 197801 and 210012 or p_month % 100 not between 1 and 12 then
    raise exception 'no such month' using errcode = 'LG010', detail = coalesce(p_month::text, 'null');
  end if;
  if exists (select 1 from pg_trigger where tgname = 'frozen_truncate' and tgrelid = to_regclass('public.ledger_subtotal_' || p_month)) then
    return;
  end if;
  perform pg_advisory_xact_lock(lg.period_lock(0, p_month));
  foreach t in array array['ledger_journal', 'ledger_entry', 'ledger_subentry', 'ledger_subtotal'] loop
    v_part := t || '_' || p_month;
    if to_regclass('public.' || v_part) is null then
      execute format('create table public.%I (like public.%I including all)', v_part, t);
      execute format('alter table public.%I attach partition public.%I for values from (%s) to (%s)', t, v_part, p_month,
        case when p_month % 100 = 12 then p_month + 89 else p_month + 1 end);
    end if;
    perform lg.guard_table(v_part, t);
  end loop;
end $$;
