-- Readers see views only; what the views read they can't.
revoke create on schema public from public;
grant usage on schema marts to chaidaen_bi, chaidaen_analyst, chaidaen_gate;
grant usage on schema marts_exact to chaidaen_analyst, chaidaen_gate;
grant usage on schema cases to chaidaen_case_worker;
grant usage on schema store to chaidaen_bi, chaidaen_analyst, chaidaen_gate, chaidaen_case_worker; -- for store.release() only
revoke execute on function store.release() from public;
grant execute on function store.release() to chaidaen_bi, chaidaen_analyst, chaidaen_gate, chaidaen_case_worker;
