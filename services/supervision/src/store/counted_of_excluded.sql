-- What was counted of handling, of the cases that are left out of these organs' appraisals by approval, in a period.
select c.organ, c.case_id, c.seq, c.ordinal, c.part, c.measure, c.day, c.recorded_on, c.undone_on, c.term, c.channel,
       c.grounds, c.against, c.finding, c.findings, c.late, c.workdays
from unnest($1::text[]) as o (organ)
cross join lateral (
    select case_id from exclusion where organ = o.organ and state = 2 offset 0
) as e
cross join lateral (
    select *
    from counted
    where organ = o.organ and case_id = e.case_id and part = 2 and day between $2 and $3 and recorded_on <= $4
      and undone_on > $4
    offset 0
) as c
