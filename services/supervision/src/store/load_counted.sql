-- What counts of these cases.
select c.organ, c.case_id, c.seq, c.ordinal, c.part, c.measure, c.day, c.recorded_on, c.undone_on, c.term, c.channel,
       c.grounds, c.against, c.finding, c.findings, c.late, c.workdays
from unnest($2::uuid[]) as k (case_id)
cross join lateral (
    select * from counted where organ = $1 and case_id = k.case_id and undone_on = 2147483647 offset 0
) as c
