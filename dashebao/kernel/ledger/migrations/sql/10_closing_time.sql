-- A month is never closed before the last posting into it, even where the clock was set back between the two.
-- Closing month M of a book closes every month up to M, keeps the balance of every account, and cannot be undone.
create or replace function lg.close_period(p_book bigint, p_month int) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare v_maker record; v_slot int; v_last int;
begin
  v_maker := lg.require_writer();
  perform lg.require_books(array[p_book]);
  perform lg.ensure_month(p_month);
  select coalesce(max(month), 0) into v_last from ledger_period where book_id = p_book;
  for v_slot in select substring(c.relname from '[0-9]{6}$')::int from pg_class c join pg_inherits i on i.inhrelid = c.oid
                 where i.inhparent = 'public.ledger_journal'::regclass and substring(c.relname from '[0-9]{6}$')::int between v_last + 1 and p_month
                 order by 1 loop
    perform pg_advisory_xact_lock(lg.period_lock(p_book, v_slot));
  end loop;
  select coalesce(max(month), 0) into v_last from ledger_period where book_id = p_book;
  if v_last >= p_month then return 'already'; end if;
  insert into ledger_period (book_id, month, closed_kind, closed_by, closed_at)
    select p_book, p_month, v_maker.made_kind, v_maker.made_by, greatest(
      clock_timestamp(), (select max(closed_at) from ledger_period where book_id = p_book),
      (select max(posted_at) from ledger_journal where book_id = p_book and month > v_last and month <= p_month));
  insert into ledger_closing (book_id, month, account_id, balance_fen)
    select p_book, p_month, account_id, sum(amount_fen)::bigint from (
      select account_id, balance_fen as amount_fen from ledger_closing where book_id = p_book and month = v_last
      union all
      select account_id, amount_fen from ledger_entry where book_id = p_book and month > v_last and month <= p_month) s
     group by account_id;
  return 'closed';
end $$;
