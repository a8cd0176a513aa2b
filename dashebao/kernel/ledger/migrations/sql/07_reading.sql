-- What a reader may see. The web role sees books in its scope, people see their own sub-accounts, the worker sees all.
create function lg.movements(p_account bigint, p_from int, p_to int, p_low bigint, p_high bigint)
returns table (holder bigint, part text, month int, increase_fen bigint, decrease_fen bigint)
language sql stable set search_path = public, pg_temp as $$
  select s.holder, s.part, e.month, coalesce(sum(e.amount_fen) filter (where e.amount_fen > 0), 0)::bigint,
         coalesce(-sum(e.amount_fen) filter (where e.amount_fen < 0), 0)::bigint
    from ledger_subaccount s join ledger_subentry e on e.subaccount_id = s.id and e.month between p_from and p_to
   where s.account_id = p_account and s.holder between p_low and p_high group by 1, 2, 3 order by 1, 2, 3
$$;

-- The statement of one holder, with the kind of each journal though the journal itself may be outside the reader's scope.
create function lg.statement(p_account bigint, p_holder bigint)
returns table (part text, month int, journal_id uuid, kind text, posted_at timestamptz, amount_fen bigint)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare v_account ledger_account;
begin
  select * into v_account from ledger_account where id = p_account;
  return query
    select s.part::text, e.month, e.journal_id, j.kind::text, j.posted_at, e.amount_fen
      from ledger_subaccount s
      join ledger_subentry e on e.subaccount_id = s.id
      join ledger_journal j on j.month = e.month and j.id = e.journal_id
     where s.holder = p_holder and s.account_id = p_account
       and (v_account.book_id = any (lg.visible_books()) or starts_with(s.place, lg.visible_place())
            or (v_account.holder_kind = lg.own_kind() and s.holder = lg.own_holder()))
     order by e.month, j.pos, s.part;
end $$;

do $$ declare t text;
begin
  foreach t in array array['ledger_account','ledger_key','ledger_journal','ledger_entry','ledger_period','ledger_closing'] loop
    execute format('create policy web_reads on public.%I for select to dashebao_web using (book_id = any ((select lg.visible_books())::bigint[]))', t);
  end loop;
  foreach t in array array['ledger_hold','ledger_subtotal'] loop
    execute format('create policy web_reads on public.%I for select to dashebao_web using (exists (select 1 from ledger_account a where a.id = account_id))', t);
  end loop;
end $$;
create policy web_reads on ledger_book for select to dashebao_web using (id = any ((select lg.visible_books())::bigint[]));
create policy web_reads on ledger_holdend for select to dashebao_web using (exists (select 1 from ledger_hold h where h.id = hold_id));
-- Account numbers of control accounts carry no money of their own: a holder may read the one his sub-account hangs on.
create policy web_reads_own on ledger_subaccount for select to dashebao_web using (
  holder = (select lg.own_holder()) and account_id = any ((select lg.holder_accounts())::bigint[]));
create policy web_reads_place on ledger_subaccount for select to dashebao_web using (starts_with(place, (select lg.visible_place())));
create policy web_reads_book on ledger_subaccount for select to dashebao_web using (account_id = any ((select lg.visible_controls())::bigint[]));
create policy web_reads on ledger_subentry for select to dashebao_web using (exists (select 1 from ledger_subaccount s where s.id = subaccount_id));
