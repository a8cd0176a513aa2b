-- Sub-accounts are locked by the update itself, one after the other in the order of their ids, as every posting locks them: the sums are
-- sorted and joined row by row (a hash or merge join could lock in another order). Locking first and updating then writes each row twice.
create or replace function lg.write_sub_lines(p_ids uuid[], p_month int[], p_sub_of int[], p_sub_ids bigint[], p_sub_amount bigint[]) returns void
language plpgsql set search_path = public, pg_temp set enable_hashjoin = off set enable_mergejoin = off as $$
declare v_written bigint;
begin
  if coalesce(cardinality(p_sub_ids), 0) = 0 then return; end if;
  with given as materialized (
    select id, sum(amount)::bigint as amount from unnest(p_sub_ids, p_sub_amount) u(id, amount) group by id order by id)
  update ledger_subaccount t set balance_fen = t.balance_fen + g.amount from given g where t.id = g.id;
  insert into ledger_subentry (month, subaccount_id, journal_id, amount_fen)
    select p_month[o], sub_id, p_ids[o], amount from unnest(p_sub_of, p_sub_ids, p_sub_amount) u(o, sub_id, amount)
     where o between 1 and cardinality(p_ids) order by 1, 2;
  get diagnostics v_written = row_count;
  if v_written <> cardinality(p_sub_ids) then
    raise exception 'sub-line of no journal' using errcode = 'LG003';
  end if;
end $$;
