-- Sealed values (kernel/secrecy) may change their key and nothing else: to the history, the frozen tables and the seals
-- over the logs such a change is none.
create function records.unkeyed(content text) returns text language sql immutable parallel safe as $$
  select case when strpos(content, '~') = 0 then content else
    regexp_replace(content, '(~[A-Za-z0-9_-]{22}\.[pucox][0-9]*\.[a-z])[0-9]+\.[A-Za-z0-9_-]{39,}(\.[^\s"''.~]{4})', '\1\2', 'g') end
$$;

create or replace function records.track() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare
  who text := coalesce(ctx.kind(), 'database');
  whose bigint := ctx.actor_id();
  reason text := coalesce(current_setting('app.why', true), '');
  resealing boolean := tg_nargs > 1 and session_user not in ('dashebao_web', 'dashebao_worker');
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
    where o.j is distinct from n.j
      and not (resealing and records.unkeyed(o.j::text) = records.unkeyed(n.j::text));
  end if;
  return null;
end $$;

create or replace function records.frozen() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' and current_setting('app.allow_truncate', true) = 'on' then
    return null;  -- test databases only; the web and worker logins have no TRUNCATE right at all
  end if;
  if tg_op = 'UPDATE' and session_user not in ('dashebao_web', 'dashebao_worker')
     and to_jsonb(new) is distinct from to_jsonb(old)
     and records.unkeyed(to_jsonb(new)::text) = records.unkeyed(to_jsonb(old)::text) then
    return new;
  end if;
  raise exception '% on % is not allowed: its rows are frozen', tg_op, tg_table_name using errcode = '42501';
end $$;
