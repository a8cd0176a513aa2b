-- Seals: a Merkle root (shape of RFC 9162: 0x00 before a leaf, 0x01 before a node) over every journal whose transaction is older than
-- all running ones, each root chained to the one before. Published outside, they show any later change of the past.
create function lg.leaf(j ledger_journal) returns text language sql stable set search_path = pg_catalog, pg_temp as $$
  select json_build_array(j.id, j.month, j.book_id, j.kind, j.key, j.memo, j.reverses, encode(j.digest, 'hex'), j.made_kind, j.made_by,
    j.approved_by, (extract(epoch from j.posted_at) * 1000000)::bigint, j.xid, j.pos)::text
$$;

create function lg.merkle_root(p_level bytea[]) returns bytea language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare v_level bytea[] := p_level;
begin
  while cardinality(v_level) > 1 loop
    select array_agg(node order by pair) into v_level
      from (select (i - 1) / 2 as pair, case count(*) when 1 then string_agg(h, ''::bytea) else sha256('\x01'::bytea || string_agg(h, ''::bytea order by i)) end as node
              from unnest(v_level) with ordinality u(h, i) group by 1) n;
  end loop;
  return v_level[1];
end $$;

-- Below this transaction number nothing can still be added: the oldest transaction running now that may write here. Transactions seen to run
-- in another database of the same server cannot; one that nothing is known of counts as ours.
create function lg.horizon() returns bigint language sql volatile set search_path = pg_catalog, pg_temp as $$
  select coalesce(min(x.xid), pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
    from (select pg_snapshot_xip(pg_current_snapshot())::text::bigint as xid) x
   where not exists (select 1 from pg_stat_activity a
                      where a.backend_xid::text::bigint = x.xid % 4294967296 and a.datname <> current_database())
$$;

create function lg.seal() returns bigint language plpgsql security definer set search_path = public, pg_temp as $$
declare v_last ledger_seal; v_below bigint := lg.horizon(); v_leaves bytea[]; v_root bytea; v_chain bytea;
begin
  perform pg_advisory_xact_lock(lg.period_lock(0, 0));
  select * into v_last from ledger_seal order by seq desc limit 1;
  select array_agg(sha256('\x00'::bytea || convert_to(lg.leaf(j), 'UTF8')) order by j.xid, j.pos) into v_leaves
    from ledger_journal j where j.xid >= coalesce(v_last.below, 0) and j.xid < v_below;
  if v_leaves is null then return null; end if;
  v_root := lg.merkle_root(v_leaves);
  v_chain := sha256(coalesce(v_last.chain, sha256('genesis'::bytea)) || v_root
    || convert_to(concat_ws(' ', 'ledger', coalesce(v_last.seq, 0) + 1, coalesce(v_last.below, 0), v_below, cardinality(v_leaves)), 'UTF8'));
  insert into ledger_seal (seq, above, below, count, root, chain)
    values (coalesce(v_last.seq, 0) + 1, coalesce(v_last.below, 0), v_below, cardinality(v_leaves), v_root, v_chain);
  return coalesce(v_last.seq, 0) + 1;
end $$;
