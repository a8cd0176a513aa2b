-- The work list: an open step carries its place, its item and its nearest limit, always as its case says.
create or replace function cases_list_step() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    c record;
begin
    select region_code, item_code, state, due_on, promised_on into strict c from cases_case where id = new.case_id;
    new.region_code := c.region_code;
    new.item_code := c.item_code;
    new.urgent_on := case
        when new.state not in ('open', 'running') then null
        when c.state in ('submitted', 'accepted') then least(new.due_on, c.due_on, c.promised_on)
        when c.state in ('granted', 'refused') then new.due_on
    end;
    return new;
end $$;

create or replace function cases_list_case() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update cases_casestep set urgent_on = urgent_on where case_id = new.id and state in ('open', 'running');
    return null;
end $$;

create trigger list before insert or update on cases_casestep for each row execute function cases_list_step();
create trigger list after update of state, due_on, promised_on on cases_case for each row
    when ((new.state, new.due_on, new.promised_on) is distinct from (old.state, old.due_on, old.promised_on))
    execute function cases_list_case();

-- A field is typed again by other eyes than those of the first entry, once; what was typed does not change.
create or replace function cases_guard_reentry() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if old.entered_by is not null and (new.first, new.second, new.entered_by, new.entered_at)
       is distinct from (old.first, old.second, old.entered_by, old.entered_at) then
        raise exception 'what was typed does not change' using errcode = '23514', constraint = 'cases_reentry_kept';
    end if;
    if old.entered_by is null and new.entered_by is not null then
        if ctx.kind() is distinct from 'officer' or ctx.actor_id() is distinct from new.entered_by then
            raise exception 'an entry must be the officer''s own' using errcode = '23514', constraint = 'cases_reentry_own';
        end if;
        if exists (select 1 from cases_signature s where s.case_id = new.case_id and s.step_id <> new.step_id
                   and s.officer_id = new.entered_by)
           or exists (select 1 from cases_case c where c.id = new.case_id
                      and c.submitted_kind = 'officer' and c.submitted_by = new.entered_by) then
            raise exception 'the second entry needs other eyes' using errcode = '23514', constraint = 'cases_reentry_eyes';
        end if;
    end if;
    return new;
end $$;

create or replace function cases_guard_typed() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if new.state = 'done' and old.state <> 'done' and exists (
        select 1 from cases_reentry r where r.step_id = new.id and r.round = new.round
        and r.state in ('wanted', 'different')) then
        raise exception 'fields are still to be typed again' using errcode = '23514', constraint = 'cases_step_typed';
    end if;
    return new;
end $$;

create trigger guard before update on cases_reentry for each row execute function cases_guard_reentry();
create trigger guard_typed before update on cases_casestep for each row execute function cases_guard_typed();

update cases_casestep set urgent_on = urgent_on;
