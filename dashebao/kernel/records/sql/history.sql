-- One history mechanism: statement triggers with transition tables, so bulk SQL is covered at the same price.
create schema records;

create function records.track() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare
  who text := coalesce(ctx.kind(), 'database');
  whose bigint := ctx.actor_id();
  reason text := coalesce(current_setting('app.why', true), '');
begin
  if tg_op = 'INSERT' then
    insert into records_change(table_name, row_id, op, actor_kind, actor_id, why, after)
    select tg_table_name, n.j ->> tg_argv[0], 'I', who, whose, reason, n.j from (select to_jsonb(r) j from new_rows r) n;
  elsif tg_op = 'DELETE' then
    insert into records_change(table_name, row_id, op, actor_kind, actor_id, why, before)
    select tg_table_name, o.j ->> tg_argv[0], 'D', who, whose, reason, o.j from (select to_jsonb(r) j from old_rows r) o;
  else
    insert into records_change(table_name, row_id, op, actor_kind, actor_id, why, before, after)
    select tg_table_name, o.j ->> tg_argv[0], 'U', who, whose, reason, o.j, n.j
    from (select to_jsonb(r) j from old_rows r) o
    join (select to_jsonb(r) j from new_rows r) n on n.j ->> tg_argv[0] = o.j ->> tg_argv[0]
    where o.j is distinct from n.j;
  end if;
  return null;
end $$;

create function records.frozen() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' and current_setting('app.allow_truncate', true) = 'on' then
    return null;  -- test databases only; the web and worker logins have no TRUNCATE right at all
  end if;
  raise exception '% on % is not allowed: its rows are frozen', tg_op, tg_table_name using errcode = '42501';
end $$;

-- Makes the monthly partition of a table where it is missing; the worker may call it, it can do nothing else.
create function records.ensure_partition(parent regclass, month int) returns void language plpgsql security definer
set search_path = public, pg_temp as $$
declare
  name text := format('%s_%s', (select relname from pg_class where oid = parent), month);
  next int := case when month % 100 = 12 then month + 89 else month + 1 end;
begin
  if month < 190001 or month > 299912 or month % 100 not between 1 and 12 then
    raise exception 'no such month: %', month using errcode = '22008';
  end if;
  if starts_with(parent::text, 'ledger_') then
    raise exception 'the ledger makes its own months' using errcode = '42501';
  end if;
  if not exists (select 1 from pg_partitioned_table where partrelid = parent) then
    raise exception '% is not partitioned', parent using errcode = '42809';
  end if;
  if to_regclass(format('public.%I', name)) is null then
    perform pg_advisory_xact_lock(hashtext(name));
    execute format('create table if not exists public.%I partition of %s for values from (%s) to (%s)',
                   name, parent, month, next);
  end if;
end $$;
revoke all on schema records from public;
revoke all on all functions in schema records from public;
