-- Only officers write notices; what is published was written by somebody else and is never deleted.
create or replace function notices_guard() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if coalesce(ctx.kind(), '') not in ('officer', 'system') then
        raise exception 'only officers write notices' using errcode = '23514', constraint = 'notices_officers_only';
    end if;
    if tg_op = 'DELETE' then
        if old.state <> 'draft' then
            raise exception 'a published notice is kept' using errcode = '23514', constraint = 'notices_kept';
        end if;
        return old;
    end if;
    if tg_op = 'UPDATE' and old.state <> 'draft'
       and (new.title_zh, new.title_en, new.body_zh, new.body_en, new.kind)
           is distinct from (old.title_zh, old.title_en, old.body_zh, old.body_en, old.kind) then
        raise exception 'a published notice does not change' using errcode = '23514', constraint = 'notices_fixed';
    end if;
    return new;
end $$;

create trigger guard before insert or update or delete on notices_notice for each row execute function notices_guard();
