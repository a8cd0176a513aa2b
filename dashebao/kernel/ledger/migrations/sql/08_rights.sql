-- Functions: nobody by default; the two logins get exactly the doors.
revoke all on all functions in schema lg from public;
alter default privileges in schema lg revoke execute on functions from public;
grant usage on schema lg to dashebao_web, dashebao_worker;
grant execute on function lg.visible_books(), lg.visible_place(), lg.visible_controls(), lg.holder_accounts(), lg.own_kind(), lg.own_holder(),
  lg.open_book(text, text), lg.open_account(bigint, text, text, boolean, text, bigint, bigint, boolean),
  lg.open_sub_accounts(bigint, text, bigint[], text[]), lg.place_holders(bigint, bigint[], text[]),
  lg.post_set(bigint[], text[], text[], int[], text[], uuid[], bigint[], int[], bigint[], bigint[], int[], bigint[], bigint[], text[], bigint[]),
  lg.reserve(uuid, bigint, bigint, int), lg.release(uuid, text, uuid), lg.close_period(bigint, int),
  lg.movements(bigint, int, int, bigint, bigint), lg.statement(bigint, bigint) to dashebao_web, dashebao_worker;
grant execute on function lg.seal() to dashebao_worker;
grant execute on function lg.leaf(ledger_journal) to dashebao_worker;
