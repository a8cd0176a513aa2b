-- Guards of the portal: nobody applies in another person's name without that person's mandate or confirmation.
-- They hold against any statement of the web login, not only against this program's own.

-- A mandate is offered by the principal, accepted or declined by the agent, ended by either; what it says never changes.
create or replace function portal_guard_mandate() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    me bigint := case when ctx.kind() = 'person' then ctx.actor_id() end;
begin
    if tg_op = 'DELETE' then
        raise exception 'a mandate is kept' using errcode = '23514', constraint = 'portal_mandate_kept';
    end if;
    if tg_op = 'INSERT' then
        if me is distinct from new.principal_id or new.state <> 'offered'
           or new.person_ids <> array[new.principal_id, new.agent_id] then
            raise exception 'only the principal offers a mandate' using errcode = '23514', constraint = 'portal_mandate_own';
        end if;
        return new;
    end if;
    if (new.principal_id, new.principal_name, new.agent_id, new.agent_name, new.person_ids, new.region_code, new.item_codes,
        new.valid_during)
       is distinct from
       (old.principal_id, old.principal_name, old.agent_id, old.agent_name, old.person_ids, old.region_code, old.item_codes,
        old.valid_during) then
        raise exception 'what a mandate says cannot change' using errcode = '23514', constraint = 'portal_mandate_fixed';
    end if;
    if new.state <> old.state and not coalesce(
        (new.state = 'accepted' and old.state = 'offered' and me = new.agent_id)
        or (new.state = 'declined' and old.state in ('offered', 'accepted') and me = new.agent_id)
        or (new.state = 'revoked' and old.state in ('offered', 'accepted') and me = new.principal_id), false) then
        raise exception 'this is not yours to decide' using errcode = '23514', constraint = 'portal_mandate_own';
    end if;
    return new;
end $$;

-- A person confirms a joint application only for himself; what was confirmed never changes.
create or replace function portal_guard_joint() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    me bigint := case when ctx.kind() = 'person' then ctx.actor_id() end;
begin
    if tg_op = 'INSERT' then
        if me is distinct from new.starter_id or new.confirmed_ids <> array[me] or not me = any(new.person_ids)
           or new.state <> 'waiting' then
            raise exception 'a joint application begins with its starter' using errcode = '23514', constraint = 'portal_joint_own';
        end if;
        return new;
    end if;
    if (new.item_code, new.key, new.starter_id, new.person_ids, new.names, new.region_code, new.answers)
       is distinct from (old.item_code, old.key, old.starter_id, old.person_ids, old.names, old.region_code, old.answers) then
        raise exception 'what was confirmed cannot change' using errcode = '23514', constraint = 'portal_joint_fixed';
    end if;
    if new.confirmed_ids <> old.confirmed_ids
       and (me is null or new.confirmed_ids <> old.confirmed_ids || me or not me = any(new.person_ids)) then
        raise exception 'everybody confirms for himself' using errcode = '23514', constraint = 'portal_joint_own';
    end if;
    return new;
end $$;

-- A person makes a case for himself, for a principal whose mandate is in force for this service today, or together
-- with others who have all confirmed it.
create or replace function portal_guard_applicant() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    me bigint := ctx.actor_id();
    today date := (now() at time zone 'Asia/Shanghai')::date;
begin
    if ctx.kind() is distinct from 'person' or new.applicant_kind = 'unit' then return new; end if;
    if new.applicant_kind = 'person' and new.applicant_id = me and new.person_id = me then return new; end if;
    if new.applicant_kind = 'household' and new.person_id = me then return new; end if;
    if new.applicant_kind = 'person' and new.person_id = new.applicant_id and exists (
        select 1 from portal_mandate m
        where m.principal_id = new.applicant_id and m.agent_id = me and m.state = 'accepted'
          and m.valid_during @> today and new.item_code = any(m.item_codes)) then
        return new;
    end if;
    if new.applicant_kind = 'persons' and (array_length(new.party_person_ids, 1) is not distinct from 1
        and new.person_id = me or exists (
        select 1 from portal_joint j
        where j.key = new.key and j.item_code = new.item_code and me = any(j.person_ids)
          and j.confirmed_ids @> j.person_ids and j.person_ids @> new.party_person_ids)) then
        return new;
    end if;
    raise exception 'no mandate' using errcode = '23514', constraint = 'portal_no_mandate';
end $$;

create trigger guard before insert or update or delete on portal_mandate for each row execute function portal_guard_mandate();
create trigger guard before insert or update on portal_joint for each row execute function portal_guard_joint();
create trigger guard_applicant before insert on cases_case for each row execute function portal_guard_applicant();
