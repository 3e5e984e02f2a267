alter table public."Tasks" add constraint refusal check (title <> 'refuse me');
