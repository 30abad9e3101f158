-- $1: the organs the caller may see; $2: only those that end before; $3 to $6: the key that the page comes after; $7: how many.
-- Each organ gives those that end first by the index, and the first of these are taken.
select c.organ, c.case_id, c.term, c.number, c.responsible_organ, c.home, c.registering_organ, c.start_at, c.accepted_at,
       c.due_at, c.length, c.extended, c.provisional, c.calendar, c.external_due_at, c.citation, c.rung_times, c.fired,
       c.light, c.stopped_at, c.stop_reason, c.on_time, c.workdays, c.reopened, c.pauses,
       c.paused_cause, c.paused_at, c.paused_until,
       (select e.requested_by from extension e
        where e.organ = c.organ and e.case_id = c.case_id and e.term = c.term and e.is_open limit 1) as asked_by,
       (select e.length from extension e
        where e.organ = c.organ and e.case_id = c.case_id and e.term = c.term and e.is_open limit 1) as asked_length
from unnest($1::text[]) as o (organ)
cross join lateral (
    select *
    from clock
    where organ = o.organ and stopped_at is null
      and due_at < $2::bigint
      and (due_at, case_id, term) >= ($3::bigint, $4::uuid, $5::integer)
      and (due_at, case_id, term, organ) > ($3, $4, $5, $6::text)
    order by due_at, case_id, term
    limit $7
) as c
order by c.due_at, c.case_id, c.term, c.organ
limit $7
