-- Four eyes over reference data: the proposer is the officer who acts, only this function enacts, by another officer who
-- saw exactly this content, and never into a month already begun without a reason that says so.

create or replace function administration_digest(p administration_proposal) returns text language sql immutable as $$
  select encode(sha256(convert_to(concat_ws(E'\n', p.kind, p.subject, p.part, p.region_prefix, p.since::text, p.content::text,
    p.act_title, p.act_article, p.act_url, p.backdated_reason, p.proposed_by::text), 'UTF8')), 'hex')
$$;

-- Months from a day on that were assessed or closed in a region already; each with whether its books are closed.
create or replace function administration_months_begun(region text, since date)
returns table(month int, closed boolean) language sql stable security definer set search_path = public, pg_temp as $$
  select m.month, bool_or(m.closed) from (
    select p.month, true as closed from ledger_period p join ledger_book b on b.id = p.book_id
      where starts_with(b.region, region) or starts_with(region, regexp_replace(b.region, '(00)+$', ''))
    union all
    select r.period, false from batches_run r where r.pipeline = 'month'
  ) m where m.month >= to_char(since, 'YYYYMM')::int group by m.month order by m.month
$$;

create or replace function administration_may(wanted text) returns boolean language sql stable security definer
set search_path = public, pg_temp as $$
  select coalesce(ctx.kind() = 'officer' and identity_holds(ctx.actor_id(), wanted), false)
$$;

create or replace function administration_propose() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if not administration_may('admin.parameters') or new.proposed_by is distinct from ctx.actor_id() then
    raise exception 'reference data is proposed by an officer with that duty, in his own name' using errcode = '42501';
  end if;
  new.digest := administration_digest(new);
  return new;
end $$;
create trigger proposed before insert on administration_proposal
  for each row execute function administration_propose();

create or replace function administration_close() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare p administration_proposal;
begin
  perform pg_advisory_xact_lock(hashtextextended('administration_proposal:' || new.proposal_id, 0));
  select * into p from administration_proposal where id = new.proposal_id;
  if coalesce(ctx.kind(), '') <> 'officer' or new.closed_by is distinct from ctx.actor_id() then
    raise exception 'a proposal is closed by the officer who acts' using errcode = '42501';
  end if;
  if exists (select 1 from administration_enactment e where e.proposal_id = p.id) then
    raise exception 'proposal % is enacted already', p.id using errcode = '23514';
  end if;
  if (new.outcome = 'withdrawn') <> (p.proposed_by = ctx.actor_id())
     or (new.outcome = 'rejected' and not administration_may('admin.approver')) then
    raise exception 'a proposal is withdrawn by its proposer and rejected by an approver' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger closed before insert on administration_closure
  for each row execute function administration_close();

create or replace function administration_enact(wanted bigint, signed text, said text, named text) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare p administration_proposal; made bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('administration_proposal:' || wanted, 0));
  select * into p from administration_proposal where id = wanted;
  if p.id is null then
    raise exception 'there is no proposal %', wanted using errcode = 'P0002';
  end if;
  if not administration_may('admin.approver') then
    raise exception 'reference data is approved by an officer with that duty' using errcode = '42501';
  end if;
  if p.proposed_by = ctx.actor_id() then
    raise exception 'nobody approves an own proposal' using errcode = '42501', constraint = 'administration_four_eyes';
  end if;
  if signed is distinct from p.digest or p.digest is distinct from administration_digest(p) then
    raise exception 'the proposal is not the one that was shown' using errcode = '42501';
  end if;
  if exists (select 1 from administration_closure c where c.proposal_id = p.id)
     or exists (select 1 from administration_enactment e where e.proposal_id = p.id) then
    raise exception 'proposal % is decided already', p.id using errcode = '23514';
  end if;
  if p.kind = 'parameter' and p.backdated_reason = ''
     and exists (select 1 from administration_months_begun(p.region_prefix, p.since)) then
    raise exception 'a month from % on has begun: the change needs its reason', p.since using errcode = '23514';
  end if;
  insert into administration_enactment(kind, subject, part, region_prefix, since, content, act_title, act_article, act_url,
      backdated_reason, proposed_by, proposed_name, digest, proposal_id, opinion, approved_by, approved_name)
    values (p.kind, p.subject, p.part, p.region_prefix, p.since, p.content, p.act_title, p.act_article, p.act_url,
      p.backdated_reason, p.proposed_by, p.proposed_name, p.digest, p.id, left(said, 400), ctx.actor_id(), left(named, 80))
    returning id into made;
  perform records.next_generation();
  return made;
end $$;
