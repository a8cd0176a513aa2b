-- The signed context: SQL injection can run `set app.ctx` but cannot make a valid mac. Only the owner reads the key.
create schema ctx;
create table ctx.key(
  number int primary key,
  inner_pad bytea not null check (length(inner_pad) = 64),
  outer_pad bytea not null check (length(outer_pad) = 64)
);

-- RFC 2104 HMAC-SHA-256 from the built-in sha256(), so no extension is needed.
create function ctx.part(wanted int) returns text language plpgsql stable parallel restricted security definer
set search_path = ctx, pg_temp as $$
declare
  p text[] := string_to_array(current_setting('app.ctx', true), '|');  -- kind|id|region|unit|expiry|key|mac
  k ctx.key;
begin
  if coalesce(array_length(p, 1), 0) <> 7 or p[6] !~ '^[0-9]{1,9}$' or p[5] !~ '^[0-9]{1,18}$' then return null; end if;
  select * into k from ctx.key where number = p[6]::int;
  if k.number is null or p[5]::bigint < extract(epoch from clock_timestamp())
     or encode(sha256(k.outer_pad || sha256(k.inner_pad ||
        convert_to(p[1]||'|'||p[2]||'|'||p[3]||'|'||p[4]||'|'||p[5]||'|'||p[6], 'UTF8'))), 'hex') <> p[7] then
    return null;
  end if;
  return p[wanted];
end $$;
create function ctx.kind() returns text language sql stable parallel restricted as 'select ctx.part(1)';
create function ctx.actor_id() returns bigint language sql stable parallel restricted as 'select ctx.part(2)::bigint';
create function ctx.region() returns text language sql stable parallel restricted as $$ select nullif(ctx.part(3), '') $$;
create function ctx.unit_id() returns bigint language sql stable parallel restricted as 'select ctx.part(4)::bigint';

revoke all on schema ctx from public;
revoke all on ctx.key from public;
revoke all on all functions in schema ctx from public;
