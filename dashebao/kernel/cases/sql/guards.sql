-- Guards of the case machine. They hold against any statement, not only against this program's own.

create sequence if not exists cases_case_number;
create sequence if not exists cases_letter_number;

-- A signature is the signer's own, under an open step of that very case, and never in a case the signer is a party of.
create or replace function cases_guard_signature() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    step cases_casestep%rowtype;
begin
    select * into strict step from cases_casestep where id = new.step_id;
    if ctx.kind() is distinct from 'officer' or ctx.actor_id() is distinct from new.officer_id then
        raise exception 'a signature must be the signer''s own' using errcode = '23514', constraint = 'cases_own_signature';
    end if;
    if step.case_id <> new.case_id or step.state not in ('open', 'running') then
        raise exception 'the step is not open' using errcode = '23514', constraint = 'cases_step_open';
    end if;
    new.step_key := step.key;
    new.round := step.round;
    new.four_eyes := step.kind in ('intake', 'review', 'decide');
    select person_id into new.officer_person_id from identity_user where id = new.officer_id;
    if exists (select 1 from cases_caseparty p
               where p.case_id = new.case_id and p.person_id = new.officer_person_id) then
        raise exception 'an officer may not handle an own case' using errcode = '23514', constraint = 'cases_own_case';
    end if;
    return new;
end $$;

-- A step is done only when its officers have signed, or by the system if it is automatic; its shape never changes.
create or replace function cases_guard_step() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if (new.case_id, new.position, new.key, new.kind, new.role, new.level, new.officers, new.automatic)
       is distinct from (old.case_id, old.position, old.key, old.kind, old.role, old.level, old.officers, old.automatic) then
        raise exception 'the shape of a step cannot change' using errcode = '23514', constraint = 'cases_step_shape';
    end if;
    if new.state = 'done' and old.state <> 'done' and new.kind in ('intake', 'match', 'visit', 'review', 'panel', 'decide') then
        if not (new.automatic and coalesce(ctx.kind() = 'system', false))
           and (select count(*) from cases_signature s where s.step_id = new.id and s.round = new.round) < new.officers then
            raise exception 'signatures are missing' using errcode = '23514', constraint = 'cases_step_signed';
        end if;
    end if;
    return new;
end $$;

-- A decision needs the signature of the one who decides, all earlier steps done, a running clock, and grounds if it refuses.
create or replace function cases_guard_decision() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    step cases_casestep%rowtype;
begin
    select * into strict step from cases_casestep where id = new.step_id;
    if step.case_id <> new.case_id or step.state not in ('open', 'running')
       or not (step.kind = 'decide' or (step.kind = 'intake' and new.outcome = 'not_accepted')) then
        raise exception 'this step does not decide' using errcode = '23514', constraint = 'cases_decision_step';
    end if;
    if not (step.automatic and coalesce(ctx.kind() = 'system', false)) and not exists (
        select 1 from cases_signature s
        where s.step_id = step.id and s.round = step.round and s.officer_id = new.decided_by) then
        raise exception 'the decision is not signed' using errcode = '23514', constraint = 'cases_decision_signed';
    end if;
    if exists (select 1 from cases_casestep s where s.case_id = new.case_id and s.position < step.position and s.state <> 'done') then
        raise exception 'an earlier step is not done' using errcode = '23514', constraint = 'cases_decision_order';
    end if;
    if exists (select 1 from cases_clocksuspension p where p.case_id = new.case_id and p.until_on is null and p.kind <> 'statutory') then
        raise exception 'the case is suspended' using errcode = '23514', constraint = 'cases_decision_running';
    end if;
    if new.outcome <> 'granted' and jsonb_array_length(new.grounds) = 0 then
        raise exception 'a refusal needs grounds' using errcode = '23514', constraint = 'cases_decision_grounds';
    end if;
    return new;
end $$;

-- The state of a case follows its decision and its delivery; who applied for what never changes; an end is an end.
create or replace function cases_guard_case() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if (new.case_no, new.item_code, new.applicant_kind, new.applicant_id, new.person_id, new.unit_id, new.household_id,
        new.submitted_at, new.submitted_kind, new.submitted_by, new.key)
       is distinct from
       (old.case_no, old.item_code, old.applicant_kind, old.applicant_id, old.person_id, old.unit_id, old.household_id,
        old.submitted_at, old.submitted_kind, old.submitted_by, old.key) then
        raise exception 'who applied for what cannot change' using errcode = '23514', constraint = 'cases_case_identity';
    end if;
    if new.state <> old.state then
        if old.state in ('refused', 'withdrawn', 'delivered')
           or (old.state = 'granted' and new.state <> 'delivered')
           or (new.state = 'withdrawn' and exists (select 1 from cases_decision d where d.case_id = new.id)) then
            raise exception 'a closed case cannot change' using errcode = '23514', constraint = 'cases_case_closed';
        end if;
        if new.state in ('granted', 'refused') and not exists (
            select 1 from cases_decision d where d.case_id = new.id
            and (new.state = 'granted') = (d.outcome = 'granted')) then
            raise exception 'there is no such decision' using errcode = '23514', constraint = 'cases_case_decided';
        end if;
        if new.state = 'delivered' and (old.state <> 'granted' or not exists (
            select 1 from cases_delivery d where d.case_id = new.id)) then
            raise exception 'nothing was delivered' using errcode = '23514', constraint = 'cases_case_delivered';
        end if;
    end if;
    return new;
end $$;

-- A case is born submitted, and nobody deletes one.
create or replace function cases_guard_birth() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'a case cannot be deleted' using errcode = '23514', constraint = 'cases_case_kept';
    end if;
    if new.state <> 'submitted' then
        raise exception 'a case begins as submitted' using errcode = '23514', constraint = 'cases_case_born';
    end if;
    return new;
end $$;

create trigger guard before insert on cases_signature for each row execute function cases_guard_signature();
create trigger guard before update on cases_casestep for each row execute function cases_guard_step();
create trigger guard before insert on cases_decision for each row execute function cases_guard_decision();
create trigger guard before update on cases_case for each row execute function cases_guard_case();
create trigger guard_birth before insert or delete on cases_case for each row execute function cases_guard_birth();
