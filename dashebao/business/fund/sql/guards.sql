-- The rules of payment that hold even against a bug or an injected statement: content frozen by digest, three
-- different officers, no line in two batches, one re-sending only after a failure, results only for what was sent.

-- An account counts by its digest, which stays the same when it is sealed under another key.
create or replace function fund_batch_content(wanted bigint) returns table(line_count bigint, total_fen bigint, digest text)
language sql stable security definer set search_path = public, pg_temp as $$
  select count(*), coalesce(sum(l.amount_fen), 0)::bigint,
         encode(sha256(convert_to(coalesce(string_agg(
           json_build_array(l.month, l.line_id, l.attempt, l.amount_fen, l.end_to_end_id, l.bank_code,
                            left(l.account_number, 23), l.account_name)::text, E'\n' order by l.month, l.line_id, l.attempt), ''), 'UTF8')), 'hex')
  from fund_paymentbatchline l where l.batch_id = wanted
$$;

create or replace function fund_holds_role(who bigint, wanted text) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select 1 from identity_grant g where g.user_id = who and g.role = wanted and g.valid_during @> current_date)
      or exists (select 1 from identity_delegation d join identity_grant g on g.user_id = d.giver_id and g.role = d.role
                 where d.taker_id = who and d.role = wanted and d.valid_during @> current_date
                   and g.valid_during @> current_date)
$$;

create or replace function fund_batch_insert() returns trigger language plpgsql as $$
begin
  if new.state <> 'drafted' or new.digest <> '' then
    raise exception 'a payment batch starts as a draft without content' using errcode = '23514';
  end if;
  return new;
end $$;

create or replace function fund_batch_update() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare signed int;
begin
  if (old.id, old.run_month, old.fund, old.pool_region, old.region_code, old.bank_code, old.attempt)
     is distinct from (new.id, new.run_month, new.fund, new.pool_region, new.region_code, new.bank_code, new.attempt)
     or (old.digest <> '' and (old.line_count, old.total_fen, old.digest, old.msg_id)
         is distinct from (new.line_count, new.total_fen, new.digest, new.msg_id)) then
    raise exception 'the content of payment batch % is frozen', old.id using errcode = '42501';
  end if;
  if old.state = new.state then
    return new;
  end if;
  if (old.state, new.state) not in (('drafted', 'made'), ('made', 'checked'), ('checked', 'approved'), ('approved', 'sent'),
      ('sent', 'answered'), ('drafted', 'rejected'), ('made', 'rejected'), ('checked', 'rejected'), ('approved', 'rejected')) then
    raise exception 'payment batch % cannot go from % to %', old.id, old.state, new.state using errcode = '23514';
  end if;
  signed := case new.state when 'made' then 1 when 'checked' then 2 when 'approved' then 3 when 'sent' then 3 else 0 end;
  if signed > 0 and signed <> (select count(distinct s.user_id) from fund_batchsignature s
                               where s.batch_id = new.id and s.stage <= signed and s.digest = new.digest) then
    raise exception 'payment batch % lacks a signature for %', old.id, new.state using errcode = '42501';
  end if;
  return new;
end $$;

create or replace function fund_signature_check() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare b fund_paymentbatch; c record;
begin
  if coalesce(ctx.kind(), '') <> 'officer' or ctx.actor_id() is distinct from new.user_id then
    raise exception 'a signature is given by the officer who acts' using errcode = '42501';
  end if;
  select * into b from fund_paymentbatch where id = new.batch_id for update;
  if b.id is null or not starts_with(b.region_code, coalesce(ctx.region(), 'none')) then
    raise exception 'payment batch % is outside the officer''s region', new.batch_id using errcode = '42501';
  end if;
  if not fund_holds_role(new.user_id, (array['fund.maker', 'fund.checker', 'fund.approver'])[new.stage]) then
    raise exception 'officer % does not hold the role of stage %', new.user_id, new.stage using errcode = '42501';
  end if;
  if b.state is distinct from (array['drafted', 'made', 'checked'])[new.stage] then
    raise exception 'payment batch % is %, not open for stage %', b.id, b.state, new.stage using errcode = '23514';
  end if;
  select * into c from fund_batch_content(b.id);
  if b.digest = '' or (c.line_count, c.total_fen, c.digest) is distinct from (b.line_count::bigint, b.total_fen, b.digest::text)
     or (c.line_count, c.total_fen, c.digest) is distinct from (new.line_count::bigint, new.total_fen, new.digest::text) then
    raise exception 'the content of payment batch % is not what was frozen', b.id using errcode = '23514';
  end if;
  return new;
end $$;

create or replace function fund_signature_given() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  update fund_paymentbatch set state = (array['made', 'checked', 'approved'])[new.stage] where id = new.batch_id;
  return null;
end $$;

create or replace function fund_batchline_check() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (select 1 from added a left join fund_paymentbatch b
             on b.id = a.batch_id and b.attempt = a.attempt and b.state = 'drafted' and b.digest = '' where b.id is null) then
    raise exception 'a line can only join a batch that is being drafted' using errcode = '23514';
  end if;
  if exists (select 1 from added a join fund_paymentbatch b on b.id = a.batch_id
             left join fund_paymentline l on l.month = a.month and l.id = a.line_id and l.amount_fen = a.amount_fen
               and l.end_to_end_id = a.end_to_end_id and l.fund = b.fund and l.pool_region = b.pool_region
               and starts_with(a.account_number, '~') and split_part(a.account_number, '.', 2)
                 = 'p' || coalesce(nullif(l.payee_person_id, 0), l.person_id)
             where l.id is null) then
    raise exception 'a batch line is not the payment line it names' using errcode = '23514';
  end if;
  if exists (select 1 from added a join fund_paymentwithdrawal w on w.line_month = a.month and w.line_id = a.line_id) then
    raise exception 'a withdrawn payment line cannot be paid' using errcode = '23514';
  end if;
  if exists (select 1 from added a where a.attempt > 1 and not exists (
               select 1 from fund_paymentresult r where r.month = a.month and r.line_id = a.line_id
               and r.attempt = a.attempt - 1 and r.status in ('failed', 'returned'))) then
    raise exception 'only a failed or returned payment is sent again' using errcode = '23514';
  end if;
  return null;
end $$;

create or replace function fund_batchline_change() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if tg_op = 'DELETE' and exists (select 1 from fund_paymentbatch b where b.id = old.batch_id and b.state = 'rejected') then
    return old;
  end if;
  if tg_op = 'UPDATE' and session_user not in ('dashebao_web', 'dashebao_worker')
     and to_jsonb(new) is distinct from to_jsonb(old)
     and records.unkeyed(to_jsonb(new)::text) = records.unkeyed(to_jsonb(old)::text) then
    return new;  -- the account under another key
  end if;
  raise exception '% on % is not allowed: its rows are frozen', tg_op, tg_table_name using errcode = '42501';
end $$;

create or replace function fund_withdrawal_check() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (select 1 from added a join fund_paymentbatchline l on l.month = a.line_month and l.line_id = a.line_id) then
    raise exception 'a payment line in a batch cannot be withdrawn; reject the batch first' using errcode = '23514';
  end if;
  return null;
end $$;

create or replace function fund_result_check() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (select 1 from added a left join fund_paymentbatchline l on l.month = a.month and l.line_id = a.line_id
               and l.attempt = a.attempt and l.batch_id = a.batch_id
             left join fund_paymentbatch b on b.id = l.batch_id and b.state in ('sent', 'answered') where b.id is null) then
    raise exception 'a result belongs to a payment that was sent' using errcode = '23514';
  end if;
  if exists (select 1 from added a where a.status = 'returned' and not exists (
               select 1 from fund_paymentresult r where r.month = a.month and r.line_id = a.line_id
               and r.attempt = a.attempt and r.status = 'paid')) then
    raise exception 'only a paid payment can be returned' using errcode = '23514';
  end if;
  if exists (select 1 from added a join fund_paymentresult r on r.month = a.month and r.line_id = a.line_id
               and r.attempt = a.attempt where (a.status, r.status) in (('paid', 'failed'), ('failed', 'paid'))) then
    raise exception 'a payment is either paid or failed' using errcode = '23514';
  end if;
  return null;
end $$;

do $$
declare part record;
begin
  for part in select * from (values
    ('fund_paymentbatch', 'fund_insert', 'before insert', 'for each row execute function fund_batch_insert()'),
    ('fund_paymentbatch', 'fund_update', 'before update', 'for each row execute function fund_batch_update()'),
    ('fund_paymentbatch', 'fund_delete', 'before delete', 'for each row execute function records.frozen()'),
    ('fund_batchsignature', 'fund_check', 'before insert', 'for each row execute function fund_signature_check()'),
    ('fund_batchsignature', 'fund_given', 'after insert', 'for each row execute function fund_signature_given()'),
    ('fund_paymentbatchline', 'fund_check', 'after insert',
       'referencing new table as added for each statement execute function fund_batchline_check()'),
    ('fund_paymentbatchline', 'fund_change', 'before update or delete', 'for each row execute function fund_batchline_change()'),
    ('fund_paymentwithdrawal', 'fund_check', 'after insert',
       'referencing new table as added for each statement execute function fund_withdrawal_check()'),
    ('fund_paymentresult', 'fund_check', 'after insert',
       'referencing new table as added for each statement execute function fund_result_check()')
  ) as x(on_table, name, moment, body)
  loop
    execute format('drop trigger if exists %I on %I', part.name, part.on_table);
    execute format('create trigger %I %s on %I %s', part.name, part.moment, part.on_table, part.body);
  end loop;
end $$;
