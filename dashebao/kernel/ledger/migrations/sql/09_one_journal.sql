-- One journal with few lines, as a counter or the portal posts it: the checks of a set in as few statements as can be, with plans
-- that are kept. With one journal, planning and starting statements is nearly all the time there is.
-- Functions that only doors call have no search_path of their own: they run under that of the door, which is fixed.
alter function lg.uuid7() reset search_path;
alter function lg.period_lock(bigint, int) reset search_path;

drop function lg.require_writer();
create function lg.require_writer(out made_kind text, out made_by bigint, out region text) language plpgsql stable as $$
declare v_context constant text[] := ctx.parts();
begin
  made_kind := v_context[1]; made_by := v_context[2]; region := v_context[3];
  if made_kind is null or made_by is null then
    raise exception 'no valid signed context' using errcode = 'LG005';
  end if;
  if made_kind not in ('officer', 'system') then
    raise exception 'only officers and the system post' using errcode = 'LG007', detail = made_kind;
  end if;
end $$;

-- As require_open, for one month of one set of books.
create function lg.require_open_month(p_book bigint, p_month int) returns boolean language plpgsql as $$
begin
  if to_regclass('public.ledger_subtotal_' || p_month) is null then  -- the last that is made of a month
    perform lg.ensure_month(p_month);
  end if;
  if not pg_try_advisory_xact_lock_shared(lg.period_lock(p_book, p_month)) then
    perform pg_advisory_xact_lock_shared(lg.period_lock(p_book, p_month));
  end if;
  if exists (select 1 from ledger_period where book_id = p_book and month >= p_month) then
    raise exception 'period closed' using errcode = 'LG002', detail = concat_ws(' ', 'book', p_book, 'month', p_month);
  end if;
  return true;
end $$;

-- The content of a journal as `lg.digests` writes it, and its sub-accounts in the order of their ids, in which they are locked.
create function lg.content_of(p_line_account bigint[], p_line_amount bigint[], p_sub_account bigint[], p_sub_holder bigint[],
  p_sub_part text[], p_sub_amount bigint[], out digest bytea, out sub_ids bigint[], out amounts bigint[])
language plpgsql stable as $$
declare v_subs text; v_lines text; v_bad text;
begin
  select array_agg(q.id order by q.id), array_agg(q.amount order by q.id), string_agg(concat(q.name, ':', q.amount), ';' order by q.id),
         min(q.name) filter (where q.id is null),
         (select string_agg(account || ':' || amount, ';' order by account, amount) from unnest(p_line_account, p_line_amount) u(account, amount))
    into sub_ids, amounts, v_subs, v_bad, v_lines
    from (select concat_ws(':', s.account, s.holder, s.part) as name, s.amount,
                 (select sa.id from ledger_subaccount sa where sa.holder = s.holder and sa.account_id = s.account and sa.part = s.part) as id
            from (select account, holder, part, sum(amount)::bigint as amount
                    from unnest(p_sub_account, p_sub_holder, p_sub_part, p_sub_amount) u(account, holder, part, amount)
                   group by account, holder, part) s) q;
  if v_bad is not null then
    raise exception 'unknown sub-account' using errcode = 'LG006', detail = translate(v_bad, ':', ' ');
  end if;
  digest := sha256(convert_to(coalesce(v_lines, '') || '#' || coalesce(v_subs, ''), 'UTF8'));
end $$;

create function lg.post_one(p_book bigint, p_kind text, p_key text, p_month int, p_memo text, p_approved_by bigint,
  p_line_of int[], p_line_account bigint[], p_line_amount bigint[],
  p_sub_account bigint[], p_sub_holder bigint[], p_sub_part text[], p_sub_amount bigint[], out journal_id uuid, out outcome text)
language plpgsql set plan_cache_mode = force_generic_plan as $$
declare v_maker constant record := lg.require_writer(); v_content record; v_request bytea; v_known bytea; v_keeps_balance boolean; v_region text;
  v_accounts bigint[]; v_done boolean;
begin
  select array_agg(a.id), bool_or(not a.hot), min(b.region) into v_accounts, v_keeps_balance, v_region
    from ledger_account a join ledger_book b on b.id = a.book_id where a.id = any (p_line_account) and a.book_id = p_book;
  if (v_maker.made_kind = 'system' or (v_maker.region <> '' and starts_with(v_region, v_maker.region))) is not true or v_region is null then
    perform lg.require_books(array[p_book]);
  end if;
  if p_line_account <@ v_accounts is not true then
    raise exception 'unknown account' using errcode = 'LG006', detail = array_to_string(p_line_account, ' ');
  end if;
  v_content := lg.content_of(p_line_account, p_line_amount, p_sub_account, p_sub_holder, p_sub_part, p_sub_amount);
  v_request := sha256(convert_to(concat_ws('|', p_month, '-', encode(v_content.digest, 'hex')), 'UTF8'));
  journal_id := lg.uuid7(); outcome := 'posted';
  insert into ledger_key (journal_id, book_id, kind, key, month, request) values (post_one.journal_id, p_book, p_kind, p_key, p_month, v_request)
    on conflict do nothing;
  if not found then
    select k.journal_id, k.request into journal_id, v_known from ledger_key k where k.book_id = p_book and k.kind = p_kind and k.key = p_key;
    if v_known is distinct from v_request then
      raise exception 'key was used for other content' using errcode = 'LG001', detail = concat_ws(' ', p_kind, p_key);
    end if;
    outcome := 'exists';
    return;
  end if;
  v_done := lg.require_open_month(p_book, p_month);
  insert into ledger_journal (month, id, book_id, kind, key, memo, digest, made_kind, made_by, approved_by)
    values (p_month, journal_id, p_book, p_kind, p_key, p_memo, v_content.digest, v_maker.made_kind, v_maker.made_by, p_approved_by);
  for i in 1 .. coalesce(cardinality(v_content.sub_ids), 0) loop
    update ledger_subaccount set balance_fen = balance_fen + v_content.amounts[i] where id = v_content.sub_ids[i];
  end loop;
  if v_content.sub_ids is not null then
    insert into ledger_subentry (month, subaccount_id, journal_id, amount_fen)
      select p_month, u.sub_id, journal_id, u.amount from unnest(v_content.sub_ids, v_content.amounts) u(sub_id, amount);
  end if;
  if v_keeps_balance then
    perform lg.write_lines(array[journal_id], array[p_month], array[p_book], p_line_of, p_line_account, p_line_amount);
  else
    insert into ledger_entry (month, journal_id, line, book_id, account_id, amount_fen)
      select p_month, journal_id, row_number() over (order by u.account, u.amount, u.i), p_book, u.account, u.amount
        from unnest(p_line_account, p_line_amount) with ordinality u(account, amount, i);
  end if;
end $$;

-- Whether a set is one well-formed journal of few lines that reverses nothing; whatever is not, is judged as a set.
create function lg.is_one(p_book bigint[], p_kind text[], p_key text[], p_month int[], p_memo text[], p_reverses uuid[], p_approved_by bigint[],
  p_line_of int[], p_line_lengths int[], p_sub_of int[], p_sub_lengths int[]) returns boolean language plpgsql immutable as $$
begin
  return coalesce(1 = all (array[cardinality(p_book), cardinality(p_kind), cardinality(p_key), cardinality(p_month), cardinality(p_memo),
      cardinality(p_reverses), cardinality(p_approved_by)])
    and p_book[1] is not null and p_kind[1] <> '' and p_key[1] <> '' and p_month[1] is not null and p_memo[1] is not null and p_reverses[1] is null
    and 1 = any (p_line_of) and 1 = all (p_line_of) and cardinality(p_line_of) <= 20 and cardinality(p_line_of) = all (p_line_lengths)
    and 1 = all (p_sub_of) and cardinality(p_sub_of) <= 20 and cardinality(p_sub_of) = all (p_sub_lengths), false);
end $$;

create or replace function lg.post_set(p_book bigint[], p_kind text[], p_key text[], p_month int[], p_memo text[], p_reverses uuid[], p_approved_by bigint[],
  p_line_of int[], p_line_account bigint[], p_line_amount bigint[],
  p_sub_of int[], p_sub_account bigint[], p_sub_holder bigint[], p_sub_part text[], p_sub_amount bigint[])
returns table (journal_id uuid, outcome text)
language plpgsql security definer set search_path = public, pg_temp
set work_mem = '128MB' set jit = off set enable_seqscan = off as $$
declare v_maker record; v_count constant int := cardinality(p_key); v_ids uuid[]; v_digests bytea[]; v_requests bytea[]; v_new int[];
  v_sub record; v_sub_of int[]; v_sub_ids bigint[]; v_sub_amount bigint[];
begin
  if lg.is_one(p_book, p_kind, p_key, p_month, p_memo, p_reverses, p_approved_by, p_line_of, array[cardinality(p_line_account), cardinality(p_line_amount)],
     p_sub_of, array[cardinality(p_sub_account), cardinality(p_sub_holder), cardinality(p_sub_part), cardinality(p_sub_amount)]) then
    return query select * from lg.post_one(p_book[1], p_kind[1], p_key[1], p_month[1], p_memo[1], p_approved_by[1],
      p_line_of, p_line_account, p_line_amount, p_sub_account, p_sub_holder, p_sub_part, p_sub_amount);
    return;
  end if;
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

-- The guards of 02_guards.sql, each judged by one statement. The first and last month of the rows are parameters, so that only the
-- partitions of these months are opened, however many years the books have.
create or replace function lg.sub_lines_whole() returns trigger
language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off as $$
declare v_bad uuid; v_low int; v_high int;
begin
  select min(month), max(month) into v_low, v_high from new_rows;
  with totals as (
    insert into ledger_subtotal (month, journal_id, account_id, amount_fen)
      select month, journal_id, account_id, sum(amount_fen)::bigint
        from (select n.month, n.journal_id, n.amount_fen,
                     (select s.account_id from ledger_subaccount s where s.id = n.subaccount_id) as account_id from new_rows n) t
       group by 1, 2, 3
    returning month, journal_id)
  select d.journal_id into v_bad from (select distinct month, journal_id from totals) d
   where (select j.xid from ledger_journal j where j.month between v_low and v_high and j.month = d.month and j.id = d.journal_id)
           is distinct from records_xid()
      or exists (select 1 from ledger_entry e where e.month between v_low and v_high and e.month = d.month and e.journal_id = d.journal_id) limit 1;
  if found then
    raise exception 'sub-line outside a journal being posted' using errcode = 'LG003', detail = v_bad::text;
  end if;
  return null;
end $$;

create or replace function lg.lines_whole() returns trigger
language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off as $$
declare v_bad record; v_low int; v_high int;
begin
  select min(month), max(month) into v_low, v_high from new_rows;
  select d.journal_id, d.balanced, d.tied into v_bad from (
    select n.month, n.journal_id, count(*) as lines, min(n.book_id) as book_id,
           sum(n.amount_fen) = 0 and count(*) >= 2 and min(n.book_id) = max(n.book_id) as balanced,
           -- Control accounts: the sub-lines of the journal sum to minus its lines; accounts belong to the book.
           bool_and(coalesce((
             select a.book_id = n.book_id and (not a.control or coalesce((
                      select s.amount_fen = - (select sum(e.amount_fen) from ledger_entry e
                               where e.month between v_low and v_high and e.month = n.month and e.journal_id = n.journal_id and e.account_id = n.account_id)
                        from ledger_subtotal s where s.month between v_low and v_high and s.month = n.month and s.journal_id = n.journal_id and s.account_id = n.account_id), false))
               from ledger_account a where a.id = n.account_id), false)) as tied
      from new_rows n group by 1, 2) d
   where not d.balanced or not d.tied
      or d.lines <> (select count(*) from ledger_entry e where e.month between v_low and v_high and e.month = d.month and e.journal_id = d.journal_id)
      or (select j.xid = records_xid() and j.book_id = d.book_id from ledger_journal j
           where j.month between v_low and v_high and j.month = d.month and j.id = d.journal_id) is distinct from true
      or exists (select 1 from ledger_subtotal s where s.month between v_low and v_high and s.month = d.month and s.journal_id = d.journal_id and not exists (
           select 1 from ledger_entry e join ledger_account a on a.id = e.account_id and a.control
            where e.month between v_low and v_high and e.month = d.month and e.journal_id = d.journal_id and e.account_id = s.account_id)) limit 1;
  if found then
    raise exception '%', case when not v_bad.balanced then 'journal does not balance' when not v_bad.tied then
      'control account does not tie to its sub-lines' else 'journal is posted already, or has sub-lines without their control account' end
      using errcode = 'LG003', detail = v_bad.journal_id::text;
  end if;
  return null;
end $$;
