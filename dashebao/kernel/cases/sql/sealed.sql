-- A field is typed again by other eyes than those of the first entry, once; what was typed does not change.
create or replace function cases_guard_reentry() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if old.entered_by is not null
       and (records.unkeyed(new.first), records.unkeyed(new.second), new.entered_by, new.entered_at)
       is distinct from (records.unkeyed(old.first), records.unkeyed(old.second), old.entered_by, old.entered_at) then
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

