-- Probes of the primary key, whatever the statistics say: `offset 0` keeps it from being joined in another way.
select c.organ, c.case_id, c.term, c.number, c.responsible_organ, c.home, c.registering_organ, c.start_at, c.accepted_at,
       c.due_at, c.length, c.extended, c.provisional, c.calendar, c.external_due_at, c.citation, c.rung_times, c.fired,
       c.light, c.stopped_at, c.stop_reason, c.on_time, c.workdays, c.reopened, c.pauses,
       c.paused_cause, c.paused_at, c.paused_until
from unnest($2::uuid[]) as k (case_id)
cross join lateral (select * from clock where organ = $1 and case_id = k.case_id offset 0) as c
