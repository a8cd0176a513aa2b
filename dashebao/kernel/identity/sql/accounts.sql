-- Accounts of citizens and operators hold against an injected statement as officers' do: everybody keeps the own password,
-- second factor and window; who an account belongs to is changed by nobody but those who open and close accounts.

create or replace function identity_belonging(who identity_user) returns text language sql immutable as $$
  select concat_ws('|', who.id, who.kind, who.username, coalesce(who.office_id, 0), coalesce(who.person_id, 0),
                   coalesce(who.unit_id, 0), who.is_active, coalesce(who.left_on::text, ''))
$$;

create or replace function identity_own(who identity_user) returns boolean language sql stable security definer
set search_path = public, pg_temp as $$
  select case who.kind when 'citizen' then ctx.kind() = 'person' and ctx.actor_id() = who.person_id
                       when 'operator' then ctx.kind() = 'unit' and ctx.actor_id() = who.id
                       else ctx.kind() = 'officer' and ctx.actor_id() = who.id end
$$;

create or replace function identity_account_guard() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if identity_unasked() then return case tg_op when 'DELETE' then old else new end; end if;
  if tg_op = 'DELETE' then
    raise exception 'an account is closed, not deleted' using errcode = '42501';
  end if;
  if tg_op = 'UPDATE' and coalesce(identity_own(old), false) and identity_belonging(old) = identity_belonging(new) then
    return new;
  end if;
  if new.kind = 'operator' and ctx.kind() = 'unit' and new.unit_id = ctx.unit_id() and new.id <> ctx.actor_id()
     and identity_holds(ctx.actor_id(), 'unit.main')
     and (tg_op = 'INSERT' or (old.kind, old.unit_id) = (new.kind, new.unit_id)) then
    return new;
  end if;
  if new.kind = 'officer' and (tg_op = 'INSERT' or old.kind = 'officer')
     and ctx.kind() = 'officer' and identity_holds(ctx.actor_id(), 'admin.users')
     and (tg_op = 'INSERT' or (new.id <> ctx.actor_id() and coalesce(identity_reaches(new.id), false)))
     and exists (select 1 from identity_office o where o.id = new.office_id and starts_with(o.region_code, ctx.region())) then
    return new;
  end if;
  if new.kind = 'officer' or (tg_op = 'UPDATE' and old.kind = 'officer') then
    raise exception 'only a user administrator of the area changes an officer''s account' using errcode = '42501';
  end if;
  raise exception 'an account is changed by its owner only' using errcode = '42501';
end $$;

drop trigger guarded on identity_user;
create trigger guarded before insert or update or delete on identity_user
  for each row execute function identity_account_guard();
drop function identity_officer_guard();
