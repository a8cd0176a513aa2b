-- Holds: money promised but not yet moved. Only accounts that keep a balance can promise it.
create function lg.reserve(p_id uuid, p_account bigint, p_amount bigint, p_minutes int) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare v_maker record; v_account ledger_account;
begin
  v_maker := lg.require_writer();
  select * into v_account from ledger_account where id = p_account and not hot;
  if not found then raise exception 'holds need an account that keeps a balance' using errcode = 'LG006', detail = p_account::text; end if;
  perform lg.require_books(array[v_account.book_id]);
  insert into ledger_hold (id, account_id, amount_fen, expires_at, made_kind, made_by)
    values (p_id, p_account, p_amount, clock_timestamp() + make_interval(mins => p_minutes), v_maker.made_kind, v_maker.made_by)
    on conflict do nothing;
  if not found then
    if exists (select 1 from ledger_hold where id = p_id and account_id = p_account and amount_fen = p_amount) then return 'exists'; end if;
    raise exception 'hold was made with other content' using errcode = 'LG001', detail = p_id::text;
  end if;
  update ledger_account set pending_fen = pending_fen + p_amount where id = p_account;
  return 'held';
end $$;

-- A hold ends once: posted (with the journal that moved the money), voided, or expired (only after its time).
create function lg.release(p_id uuid, p_how text, p_journal uuid) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare v_hold ledger_hold; v_book bigint;
begin
  perform lg.require_writer();
  select h.* into v_hold from ledger_hold h where h.id = p_id;
  if not found then raise exception 'no such hold' using errcode = 'LG006', detail = p_id::text; end if;
  select book_id into v_book from ledger_account where id = v_hold.account_id;
  perform lg.require_books(array[v_book]);
  if p_how = 'expired' and v_hold.expires_at > clock_timestamp() then
    raise exception 'hold has not expired' using errcode = 'LG009', detail = p_id::text;
  end if;
  if p_how = 'posted' and not exists (select 1 from ledger_key k join ledger_entry e on e.month = k.month and e.journal_id = k.journal_id
       where k.journal_id = p_journal and e.account_id = v_hold.account_id) then
    raise exception 'the journal does not move the held account' using errcode = 'LG009', detail = p_id::text;
  end if;
  insert into ledger_holdend (hold_id, how, journal_id) values (p_id, p_how, p_journal) on conflict do nothing;
  if not found then return 'already'; end if;
  update ledger_account set pending_fen = pending_fen - v_hold.amount_fen where id = v_hold.account_id;
  return p_how;
end $$;

-- Closing month M of a book closes every month up to M, keeps the balance of every account, and cannot be undone.
create function lg.close_period(p_book bigint, p_month int) returns text
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
  insert into ledger_period (book_id, month, closed_kind, closed_by) values (p_book, p_month, v_maker.made_kind, v_maker.made_by);
  insert into ledger_closing (book_id, month, account_id, balance_fen)
    select p_book, p_month, account_id, sum(amount_fen)::bigint from (
      select account_id, balance_fen as amount_fen from ledger_closing where book_id = p_book and month = v_last
      union all
      select account_id, amount_fen from ledger_entry where book_id = p_book and month > v_last and month <= p_month) s
     group by account_id;
  return 'closed';
end $$;
