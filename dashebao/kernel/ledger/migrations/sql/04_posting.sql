-- The only way in: a set of whole journals as columns, one round trip, all or nothing. Idempotent on (book, kind, key): the same
-- key with the same content exists already, with other content it is a conflict, and never a second posting.

-- Sub-lines by (control account, holder, part) become sub-accounts, merged and in lock order.
create function lg.resolve_sub_lines(p_books bigint[], inout p_of int[], p_account bigint[], p_holder bigint[], p_part text[],
  inout p_amount bigint[], out sub_ids bigint[], out heads text[])
language plpgsql stable set search_path = public, pg_temp as $$
declare v_bad text;
begin
  select array_agg(q.o), array_agg(q.id), array_agg(q.amount), array_agg(q.account || ':' || q.holder || ':' || q.part || ':'),
         min(concat_ws(' ', q.account, q.holder, q.part)) filter (where q.id is null)
    into p_of, sub_ids, p_amount, heads, v_bad
    from (select s.o, s.account, s.holder, s.part, s.amount,
                 (select sa.id from ledger_subaccount sa where sa.holder = s.holder and sa.account_id = s.account and sa.part = s.part) as id
            from (select o, account, holder, part, sum(amount)::bigint as amount
                    from unnest(p_of, p_account, p_holder, p_part, p_amount) u(o, account, holder, part, amount)
                   group by o, account, holder, part) s
           order by s.o, id) q;
  if v_bad is not null then raise exception 'unknown sub-account' using errcode = 'LG006', detail = v_bad; end if;
end $$;

-- One digest per journal over its lines and sub-lines in canonical order; sign -1 gives the digest of the mirrored journal.
create function lg.digests(p_count int, p_line_of int[], p_line_account bigint[], p_line_amount bigint[],
  p_sub_of int[], p_sub_heads text[], p_sub_amount bigint[], p_sign int) returns bytea[]
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select array_agg(sha256(convert_to(coalesce(l.t, '') || '#' || coalesce(s.t, ''), 'UTF8')) order by g.i)
    from generate_series(1, p_count) g(i)
    left join (select o, string_agg(account || ':' || amount * p_sign, ';' order by account, amount * p_sign) as t
                 from unnest(p_line_of, p_line_account, p_line_amount) u(o, account, amount) group by o) l on l.o = g.i
    left join (select o, string_agg(head || amount * p_sign, ';' order by i) as t
                 from unnest(p_sub_of, p_sub_heads, p_sub_amount) with ordinality u(o, head, amount, i) group by o) s on s.o = g.i
$$;

-- Takes the keys of the set; returns the numbers of the journals whose key was free.
create function lg.claim_keys(p_ids uuid[], p_book bigint[], p_kind text[], p_key text[], p_month int[], p_requests bytea[],
  p_reverses uuid[]) returns int[]
language plpgsql set search_path = public, pg_temp as $$
declare v_bad record; v_new int[];
begin
  insert into ledger_key (journal_id, book_id, kind, key, month, request, reverses)
    select * from unnest(p_ids, p_book, p_kind, p_key, p_month, p_requests, p_reverses) u(id, book, kind, key, month, request, reverses)
     order by book, kind, key
    on conflict do nothing;
  select array_agg(u.i::int order by u.i) into v_new
    from unnest(p_ids) with ordinality u(id, i) join ledger_key k on k.journal_id = u.id;
  if coalesce(cardinality(v_new), 0) = cardinality(p_ids) then return v_new; end if;
  select u.kind, u.key, k.journal_id into v_bad
    from unnest(p_book, p_kind, p_key, p_requests) u(book, kind, key, request)
    left join ledger_key k on k.book_id = u.book and k.kind = u.kind and k.key = u.key
   where k.request is distinct from u.request limit 1;
  if found and v_bad.journal_id is null then
    raise exception 'journal is reversed already' using errcode = 'LG008', detail = concat_ws(' ', v_bad.kind, v_bad.key);
  elsif found then
    raise exception 'key was used for other content' using errcode = 'LG001', detail = concat_ws(' ', v_bad.kind, v_bad.key);
  end if;
  return coalesce(v_new, '{}');
end $$;

create function lg.require_open(p_book bigint[], p_month int[]) returns void language plpgsql set search_path = public, pg_temp as $$
declare v_slot record;
begin
  for v_slot in select distinct book, month from unnest(p_book, p_month) u(book, month) order by 1, 2 loop
    perform lg.ensure_month(v_slot.month);
    perform pg_advisory_xact_lock_shared(lg.period_lock(v_slot.book, v_slot.month));
    if exists (select 1 from ledger_period where book_id = v_slot.book and month >= v_slot.month) then
      raise exception 'period closed' using errcode = 'LG002', detail = concat_ws(' ', 'book', v_slot.book, 'month', v_slot.month);
    end if;
  end loop;
end $$;

-- A reversal mirrors every line and sub-line of one earlier journal of the same books.
create function lg.require_mirrored(p_new int[], p_book bigint[], p_reverses uuid[], p_mirrors bytea[]) returns void
language plpgsql stable set search_path = public, pg_temp as $$
declare v_bad uuid;
begin
  select u.reverses into v_bad from unnest(p_new) n(i)
    join unnest(p_book, p_reverses, p_mirrors) with ordinality u(book, reverses, mirror, i) using (i)
    left join ledger_key k on k.journal_id = u.reverses
    left join ledger_journal j on j.month = k.month and j.id = k.journal_id
   where u.reverses is not null and (j.id is null or j.book_id <> u.book or j.digest <> u.mirror) limit 1;
  if found then
    raise exception 'not the mirror of the journal it reverses' using errcode = 'LG008', detail = v_bad::text;
  end if;
end $$;

create function lg.write_sub_lines(p_ids uuid[], p_month int[], p_sub_of int[], p_sub_ids bigint[], p_sub_amount bigint[]) returns void
language plpgsql set search_path = public, pg_temp as $$
declare v_written bigint;
begin
  if coalesce(cardinality(p_sub_ids), 0) = 0 then return; end if;
  perform 1 from ledger_subaccount where id = any (p_sub_ids) order by id for no key update;
  update ledger_subaccount t set balance_fen = t.balance_fen + s.amount
    from (select id, sum(amount)::bigint as amount from unnest(p_sub_ids, p_sub_amount) u(id, amount) group by id) s
   where t.id = s.id;
  insert into ledger_subentry (month, subaccount_id, journal_id, amount_fen)
    select j.month, u.sub_id, j.id, u.amount
      from unnest(p_sub_of, p_sub_ids, p_sub_amount) u(o, sub_id, amount)
      join unnest(p_ids, p_month) with ordinality j(id, month, i) on j.i = u.o
     order by j.month, u.sub_id;
  get diagnostics v_written = row_count;
  if v_written <> cardinality(p_sub_ids) then
    raise exception 'sub-line of no journal' using errcode = 'LG003';
  end if;
end $$;

create function lg.write_lines(p_ids uuid[], p_month int[], p_book bigint[], p_line_of int[], p_line_account bigint[],
  p_line_amount bigint[]) returns void
language plpgsql set search_path = public, pg_temp as $$
declare v_written bigint; v_bad text;
begin
  select u.account::text into v_bad
    from (select distinct l.account, j.book from unnest(p_line_of, p_line_account) l(o, account)
            join unnest(p_book) with ordinality j(book, i) on j.i = l.o) u
   where not exists (select 1 from ledger_account a where a.id = u.account and a.book_id = u.book) limit 1;
  if found then raise exception 'unknown account' using errcode = 'LG006', detail = coalesce(v_bad, 'null'); end if;
  perform 1 from ledger_account where id = any (p_line_account) and not hot order by id for no key update;
  if found then
    update ledger_account t set balance_fen = t.balance_fen + s.amount
      from (select account, sum(amount)::bigint as amount from unnest(p_line_account, p_line_amount) u(account, amount) group by account) s
     where t.id = s.account and not t.hot;
  end if;
  insert into ledger_entry (month, journal_id, line, book_id, account_id, amount_fen, balance_after_fen)
    select j.month, j.id, row_number() over (partition by u.o order by u.account, u.amount, u.i), j.book, a.id, u.amount,
           case when not a.hot then a.balance_fen - coalesce(sum(u.amount) over (partition by u.account order by u.o, u.amount, u.i
             rows between 1 following and unbounded following), 0) end
      from unnest(p_line_of, p_line_account, p_line_amount) with ordinality u(o, account, amount, i)
      join unnest(p_ids, p_month, p_book) with ordinality j(id, month, book, i) on j.i = u.o
      join ledger_account a on a.id = u.account and a.book_id = j.book;
  get diagnostics v_written = row_count;
  if v_written <> coalesce(cardinality(p_line_of), 0) then
    raise exception 'line of no journal' using errcode = 'LG003';
  end if;
end $$;

create function lg.require_shape(p_count int, p_book bigint[], p_kind text[], p_key text[], p_memo text[], p_line_of int[],
  p_lengths int[]) returns void
language plpgsql immutable set search_path = public, pg_temp as $$
begin
  if p_count is null or p_count = 0 or p_count <> all (p_lengths) then
    raise exception 'columns of unequal length, or none' using errcode = 'LG010';
  end if;
  if array_position(p_book, null) is not null or '' = any (p_kind) or '' = any (p_key) or array_position(p_kind, null) is not null
     or array_position(p_key, null) is not null or array_position(p_memo, null) is not null then
    raise exception 'a journal needs book, kind and key' using errcode = 'LG010';
  end if;
  if (select count(distinct o) from unnest(p_line_of) u(o) where o between 1 and p_count) is distinct from p_count then
    raise exception 'journal without lines' using errcode = 'LG003';
  end if;
end $$;

create function lg.post_set(p_book bigint[], p_kind text[], p_key text[], p_month int[], p_memo text[], p_reverses uuid[], p_approved_by bigint[],
  p_line_of int[], p_line_account bigint[], p_line_amount bigint[],
  p_sub_of int[], p_sub_account bigint[], p_sub_holder bigint[], p_sub_part text[], p_sub_amount bigint[])
returns table (journal_id uuid, outcome text)
language plpgsql security definer set search_path = public, pg_temp
set work_mem = '128MB' set jit = off set enable_seqscan = off as $$
declare v_maker record; v_count constant int := cardinality(p_key); v_ids uuid[]; v_digests bytea[]; v_requests bytea[]; v_new int[];
  v_sub record; v_sub_of int[]; v_sub_ids bigint[]; v_sub_amount bigint[];
begin
  v_maker := lg.require_writer();
  perform lg.require_shape(v_count, p_book, p_kind, p_key, p_memo, p_line_of, array[cardinality(p_book), cardinality(p_kind),
    cardinality(p_month), cardinality(p_memo), cardinality(p_reverses), cardinality(p_approved_by)]);
  perform lg.require_books(p_book);
  v_sub := lg.resolve_sub_lines(p_book, p_sub_of, p_sub_account, p_sub_holder, p_sub_part, p_sub_amount);
  v_digests := lg.digests(v_count, p_line_of, p_line_account, p_line_amount, v_sub.p_of, v_sub.heads, v_sub.p_amount, 1);
  select array_agg(lg.uuid7() order by i), array_agg(sha256(convert_to(concat_ws('|', month, coalesce(reverses::text, '-'),
         encode(digest, 'hex')), 'UTF8')) order by i)
    into v_ids, v_requests from unnest(p_month, p_reverses, v_digests) with ordinality u(month, reverses, digest, i);
  v_new := lg.claim_keys(v_ids, p_book, p_kind, p_key, p_month, v_requests, p_reverses);
  if exists (select 1 from unnest(p_reverses) r where r is not null) then
    perform lg.require_mirrored(v_new, p_book, p_reverses,
      lg.digests(v_count, p_line_of, p_line_account, p_line_amount, v_sub.p_of, v_sub.heads, v_sub.p_amount, -1));
  end if;
  v_sub_of := v_sub.p_of; v_sub_ids := v_sub.sub_ids; v_sub_amount := v_sub.p_amount;
  if cardinality(v_new) < v_count then
    select array_agg(o), array_agg(account), array_agg(amount) into p_line_of, p_line_account, p_line_amount
      from unnest(p_line_of, p_line_account, p_line_amount) u(o, account, amount) join unnest(v_new) n(o) using (o);
    select array_agg(o), array_agg(id), array_agg(amount) into v_sub_of, v_sub_ids, v_sub_amount
      from unnest(v_sub_of, v_sub_ids, v_sub_amount) u(o, id, amount) join unnest(v_new) n(o) using (o);
  end if;
  if cardinality(v_new) > 0 then
    perform lg.require_open(array_agg(book), array_agg(month))
       from (select distinct book, month from unnest(v_new) n(i) join unnest(p_book, p_month) with ordinality u(book, month, i) using (i)) d;
    insert into ledger_journal (month, id, book_id, kind, key, memo, reverses, digest, made_kind, made_by, approved_by)
      select month, id, book, kind, key, memo, reverses, digest, v_maker.made_kind, v_maker.made_by, approved
        from unnest(p_month, v_ids, p_book, p_kind, p_key, p_memo, p_reverses, v_digests, p_approved_by)
             with ordinality u(month, id, book, kind, key, memo, reverses, digest, approved, i)
        join unnest(v_new) n(i) using (i) order by i;
    perform lg.write_sub_lines(v_ids, p_month, v_sub_of, v_sub_ids, v_sub_amount);
    perform lg.write_lines(v_ids, p_month, p_book, p_line_of, p_line_account, p_line_amount);
  end if;
  if cardinality(v_new) = v_count then
    return query select u.id, 'posted' from unnest(v_ids) with ordinality u(id, i) order by u.i;
    return;
  end if;
  return query select k.journal_id, case when k.journal_id = u.id then 'posted' else 'exists' end
    from unnest(v_ids, p_book, p_kind, p_key) with ordinality u(id, book, kind, key, i)
    join ledger_key k on k.book_id = u.book and k.kind = u.kind and k.key = u.key order by u.i;
end $$;
