-- Books, accounts and sub-accounts are opened by function only; opening what is open returns it.
create function lg.open_book(p_fund text, p_region text) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare v_id bigint;
begin
  select id into v_id from ledger_book where fund = p_fund and region = p_region;
  if found then return v_id; end if;
  perform lg.require_writer();
  if p_fund is null or p_fund = '' or p_region !~ '^[0-9]{6}$' then
    raise exception 'a book needs a fund and a region code' using errcode = 'LG006', detail = concat_ws(' ', p_fund, p_region);
  end if;
  if ctx.kind() = 'officer' and (coalesce(ctx.region(), '') = '' or not starts_with(p_region, ctx.region())) then
    raise exception 'book outside the scope of the context' using errcode = 'LG007', detail = p_region;
  end if;
  insert into ledger_book (fund, region) values (p_fund, p_region) on conflict do nothing;
  select id into v_id from ledger_book where fund = p_fund and region = p_region;
  return v_id;
end $$;

create function lg.open_account(p_book bigint, p_code text, p_detail text, p_control boolean, p_holder_kind text,
  p_min bigint, p_max bigint, p_hot boolean) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare v_old ledger_account;
begin
  select * into v_old from ledger_account where book_id = p_book and code = p_code and detail = p_detail;
  if not found then
    perform lg.require_writer();
    perform lg.require_books(array[p_book]);
    insert into ledger_account (book_id, code, detail, control, holder_kind, min_balance_fen, max_balance_fen, hot)
      values (p_book, p_code, p_detail, p_control, p_holder_kind, p_min, p_max, p_hot) on conflict do nothing;
    select * into v_old from ledger_account where book_id = p_book and code = p_code and detail = p_detail;
  end if;
  if (v_old.control, v_old.holder_kind, v_old.min_balance_fen, v_old.max_balance_fen, v_old.hot)
      is distinct from (p_control, p_holder_kind, p_min, p_max, p_hot) then
    raise exception 'account is open with other settings' using errcode = 'LG001', detail = concat_ws(' ', p_code, p_detail);
  end if;
  return v_old.id;
end $$;

create function lg.open_sub_accounts(p_account bigint, p_part text, p_holders bigint[], p_places text[]) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare v_account ledger_account; v_opened bigint;
begin
  perform lg.require_writer();
  select * into v_account from ledger_account where id = p_account and control;
  if not found then raise exception 'no such control account' using errcode = 'LG006', detail = p_account::text; end if;
  perform lg.require_books(array[v_account.book_id]);
  insert into ledger_subaccount (account_id, holder, part, place)
    select p_account, h.holder, p_part, coalesce(h.place, '') from unnest(p_holders, p_places) h(holder, place)
     where not exists (select 1 from ledger_subaccount s where s.holder = h.holder and s.account_id = p_account and s.part = p_part)
     order by h.holder
    on conflict do nothing;
  get diagnostics v_opened = row_count;
  return v_opened;
end $$;

-- A holder moved: only where the sub-account is shown changes, never whose it is.
create function lg.place_holders(p_account bigint, p_holders bigint[], p_places text[]) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare v_moved bigint;
begin
  perform lg.require_writer();
  perform lg.require_books(array(select book_id from ledger_account where id = p_account));
  update ledger_subaccount s set place = h.place from unnest(p_holders, p_places) h(holder, place)
   where s.holder = h.holder and s.account_id = p_account and s.place <> h.place;
  get diagnostics v_moved = row_count;
  return v_moved;
end $$;
