-- Who asks, and which books they may see or write. The signed context itself (schema ctx) belongs to kernel/records.
-- Every function here has a fixed search_path with pg_temp last, so a temporary table can never stand in for a real one.
create schema lg;

create function lg.visible_books() returns bigint[] language plpgsql stable security definer set search_path = public, pg_temp as $$
declare v_kind text := ctx.kind(); v_region text := ctx.region();
begin
  if v_kind = 'system' then return (select coalesce(array_agg(id), '{}') from ledger_book); end if;
  if v_kind = 'officer' and v_region <> '' then
    return (select coalesce(array_agg(id), '{}') from ledger_book where starts_with(region, v_region));
  end if;
  return '{}';
end $$;

create function lg.visible_controls() returns bigint[] language sql stable security definer set search_path = public, pg_temp as
  $$ select coalesce(array_agg(id), '{}') from ledger_account where control and book_id = any (lg.visible_books()) $$;

-- The prefix a reader's scope gives on the place of a holder: null for everyone who is not an officer with a region.
create function lg.visible_place() returns text language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return case when ctx.kind() = 'officer' and ctx.region() <> '' then ctx.region() end;
end $$;

-- The holder whose own sub-accounts the reader may see: 'person' with his id, 'unit' with its id.
create function lg.own_kind() returns text language sql stable security definer set search_path = public, pg_temp as
  $$ select case when ctx.kind() in ('person', 'unit') then ctx.kind() end $$;
create function lg.own_holder() returns bigint language sql stable security definer set search_path = public, pg_temp as
  $$ select case ctx.kind() when 'person' then ctx.actor_id()::bigint when 'unit' then ctx.unit_id()::bigint end $$;

create function lg.require_writer(out made_kind text, out made_by bigint)
language plpgsql stable set search_path = public, pg_temp as $$
begin
  made_kind := ctx.kind(); made_by := ctx.actor_id();
  if made_kind is null or made_by is null then
    raise exception 'no valid signed context' using errcode = 'LG005';
  end if;
  if made_kind not in ('officer', 'system') then
    raise exception 'only officers and the system post' using errcode = 'LG007', detail = made_kind;
  end if;
end $$;

create function lg.require_books(p_books bigint[]) returns void language plpgsql stable set search_path = public, pg_temp as $$
declare v_book bigint;
begin
  select b into v_book from (select distinct unnest(p_books)) d(b)
   where b is null or b <> all (lg.visible_books()) order by b limit 1;
  if found then
    raise exception 'book outside the scope of the context' using errcode = 'LG007', detail = coalesce(v_book::text, 'null');
  end if;
end $$;

-- Time-ordered identifiers (RFC 9562 version 7), built from functions every supported PostgreSQL has.
create function lg.uuid7() returns uuid language sql volatile set search_path = pg_catalog, pg_temp as $$
  select overlay(overlay(replace(gen_random_uuid()::text, '-', '')
    placing lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') from 1) placing '7' from 13)::uuid
$$;

-- One lock per (book, month): postings share it, closing takes it alone, so no posting slips in while a month closes.
create function lg.period_lock(p_book bigint, p_month int) returns bigint language sql immutable set search_path = pg_catalog, pg_temp as
  $$ select 5496390867404128256 + p_book * 1000000 + p_month $$;

-- The control accounts whose holders are of the reader's own kind (persons or units).
create function lg.holder_accounts() returns bigint[] language sql stable security definer set search_path = public, pg_temp as
  $$ select coalesce(array_agg(id), '{}') from ledger_account where control and holder_kind = lg.own_kind() $$;
