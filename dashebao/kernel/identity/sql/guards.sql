-- Accounts, roles and delegations hold even against an injected statement of the web process: only a user administrator
-- touches officers of his own area, nobody grants to himself, and families of duties exclude each other also by delegation.

create or replace function identity_holds(who bigint, wanted text) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select 1 from identity_grant g where g.user_id = who and g.role = wanted and g.valid_during @> current_date)
      or exists (select 1 from identity_delegation d join identity_grant g on g.user_id = d.giver_id and g.role = d.role
                 join identity_user u on u.id = d.giver_id
                 where d.taker_id = who and d.role = wanted and d.valid_during @> current_date
                   and g.valid_during @> current_date and u.is_active)
$$;

-- The owner and the worker are trusted, and so is the web process acting as the system (sign-in); everybody else is asked.
create or replace function identity_unasked() returns boolean language sql stable security definer
set search_path = public, pg_temp as $$
  select session_user <> 'dashebao_web' or coalesce(ctx.kind(), '') = 'system'
$$;

create or replace function identity_reaches(officer bigint) returns boolean language sql stable security definer
set search_path = public, pg_temp as $$
  select ctx.kind() = 'officer' and identity_holds(ctx.actor_id(), 'admin.users')
     and exists (select 1 from identity_user u join identity_office o on o.id = u.office_id
                 where u.id = officer and starts_with(o.region_code, ctx.region()))
$$;

-- Rights at a unit are the main operator's to give within the unit, and an officer's where the unit's authority was checked.
create or replace function identity_of_a_unit(target bigint, wanted text) returns boolean language sql stable security definer
set search_path = public, pg_temp as $$
  select wanted = 'unit' and exists (
    select 1 from identity_user u where u.id = target and u.kind = 'operator'
       and (ctx.kind() = 'officer'
            or (ctx.kind() = 'unit' and u.unit_id = ctx.unit_id() and u.id <> ctx.actor_id()
                and identity_holds(ctx.actor_id(), 'unit.main'))))
$$;

create or replace function identity_grant_guard() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if tg_op <> 'DELETE' and exists (
      select 1 from identity_delegation d join identity_grant g on g.user_id = d.giver_id and g.role = d.role
      where d.taker_id = new.user_id and d.valid_during && new.valid_during and g.valid_during && d.valid_during
        and g.family <> new.family) then
    raise exception 'families of duties exclude each other' using errcode = '23P01', constraint = 'identity_families_exclude';
  end if;
  if identity_unasked() then return case tg_op when 'DELETE' then old else new end; end if;
  if tg_op = 'DELETE' and coalesce(identity_of_a_unit(old.user_id, old.family), false) then return old; end if;
  if tg_op <> 'DELETE' and coalesce(identity_of_a_unit(new.user_id, new.family), false)
     and (tg_op = 'INSERT' or (old.user_id, old.role, old.family) = (new.user_id, new.role, new.family)) then
    return new;
  end if;
  if tg_op = 'DELETE' then
    raise exception 'a role is ended, not deleted' using errcode = '42501';
  end if;
  if not coalesce(identity_reaches(new.user_id), false) then
    raise exception 'only a user administrator of the area grants and ends roles' using errcode = '42501';
  end if;
  if tg_op = 'INSERT' and (new.user_id = ctx.actor_id() or new.granted_by is distinct from ctx.actor_id()) then
    raise exception 'nobody grants a role to himself or in another name' using errcode = '42501';
  end if;
  if tg_op = 'UPDATE' and (old.user_id, old.role, old.family, old.granted_by)
      is distinct from (new.user_id, new.role, new.family, new.granted_by) then
    raise exception 'only the time of a granted role may change' using errcode = '42501';
  end if;
  return new;
end $$;

create or replace function identity_delegation_guard() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare own identity_grant;
begin
  if tg_op = 'INSERT' then
    select * into own from identity_grant g where g.user_id = new.giver_id and g.role = new.role
      and g.valid_during && new.valid_during limit 1;
    if own.id is null then
      raise exception 'only an own role is delegated' using errcode = '42501';
    end if;
    if exists (select 1 from identity_grant g where g.user_id = new.taker_id and g.family <> own.family
               and g.valid_during && new.valid_during)
       or exists (select 1 from identity_delegation d join identity_grant g on g.user_id = d.giver_id and g.role = d.role
                  where d.taker_id = new.taker_id and g.family <> own.family and d.valid_during && new.valid_during
                    and g.valid_during && d.valid_during) then
      raise exception 'families of duties exclude each other' using errcode = '23P01', constraint = 'identity_families_exclude';
    end if;
  end if;
  if identity_unasked() then return case tg_op when 'DELETE' then old else new end; end if;
  if tg_op = 'DELETE' then
    raise exception 'a delegation is ended, not deleted' using errcode = '42501';
  end if;
  if tg_op = 'UPDATE' and (old.giver_id, old.taker_id, old.role) is distinct from (new.giver_id, new.taker_id, new.role) then
    raise exception 'only the time of a delegation may change' using errcode = '42501';
  end if;
  if ctx.kind() = 'officer' and (ctx.actor_id() = new.giver_id
      or (tg_op = 'UPDATE' and coalesce(identity_reaches(new.giver_id), false))) then
    return new;
  end if;
  raise exception 'an own role is delegated by its holder' using errcode = '42501';
end $$;

create or replace function identity_officer_guard() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if identity_unasked() or (new.kind <> 'officer' and (tg_op = 'INSERT' or old.kind <> 'officer')) then return new; end if;
  if tg_op = 'UPDATE' and ctx.kind() = 'officer' and ctx.actor_id() = new.id
     and (old.kind, old.username, old.office_id, old.person_id, old.unit_id, old.is_active, old.left_on)
         is not distinct from (new.kind, new.username, new.office_id, new.person_id, new.unit_id, new.is_active, new.left_on) then
    return new;  -- the own password, second factor and window
  end if;
  if ctx.kind() = 'officer' and identity_holds(ctx.actor_id(), 'admin.users')
     and (tg_op = 'INSERT' or (new.id <> ctx.actor_id() and coalesce(identity_reaches(new.id), false)))
     and exists (select 1 from identity_office o where o.id = new.office_id and starts_with(o.region_code, ctx.region())) then
    return new;
  end if;
  raise exception 'only a user administrator of the area changes an officer''s account' using errcode = '42501';
end $$;

create or replace function identity_office_guard() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if identity_unasked() then return case tg_op when 'DELETE' then old else new end; end if;
  if tg_op <> 'DELETE' and ctx.kind() = 'officer' and identity_holds(ctx.actor_id(), 'admin.users')
     and starts_with(new.region_code, ctx.region()) and (tg_op = 'INSERT' or starts_with(old.region_code, ctx.region())) then
    return new;
  end if;
  raise exception 'only a user administrator of the area changes an office' using errcode = '42501';
end $$;

create trigger guarded before insert or update or delete on identity_grant
  for each row execute function identity_grant_guard();
create trigger guarded before insert or update or delete on identity_delegation
  for each row execute function identity_delegation_guard();
create trigger guarded before insert or update on identity_user
  for each row execute function identity_officer_guard();
create trigger guarded before insert or update or delete on identity_office
  for each row execute function identity_office_guard();
