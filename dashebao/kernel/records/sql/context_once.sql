-- The signed context as a whole, by one check of its signature; null where it is missing, expired or forged.
create function ctx.parts() returns text[] language plpgsql stable parallel restricted security definer
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
  return p;
end $$;
create or replace function ctx.part(wanted int) returns text language sql stable parallel restricted
as 'select (ctx.parts())[wanted]';
alter function ctx.part(int) security invoker;
alter function ctx.part(int) reset search_path;
revoke all on function ctx.parts() from public;
