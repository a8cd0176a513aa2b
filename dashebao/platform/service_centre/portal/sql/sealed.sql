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
    if (new.item_code, new.key, new.starter_id, new.person_ids, new.names, new.region_code,
        records.unkeyed(new.answers::text))
       is distinct from (old.item_code, old.key, old.starter_id, old.person_ids, old.names, old.region_code,
        records.unkeyed(old.answers::text)) then
        raise exception 'what was confirmed cannot change' using errcode = '23514', constraint = 'portal_joint_fixed';
    end if;
    if new.confirmed_ids <> old.confirmed_ids
       and (me is null or new.confirmed_ids <> old.confirmed_ids || me or not me = any(new.person_ids)) then
        raise exception 'everybody confirms for himself' using errcode = '23514', constraint = 'portal_joint_own';
    end if;
    return new;
end $$;

