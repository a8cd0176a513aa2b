-- A step of a batch fills tables faster than autovacuum looks at them; the steps after it need to be planned with what is there now.
-- The owner's right, since the worker's login owns nothing; a table that does not exist (a month without rows) is passed over.
create function records.analyse(p_tables text[]) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare v_table regclass;
begin
  for v_table in select to_regclass(format('public.%I', t)) from unnest(p_tables) t loop
    if v_table is not null then execute format('analyze %s', v_table); end if;
  end loop;
end $$;
revoke execute on function records.analyse(text[]) from public;
