-- $1: the organs the caller may see; $2: the case; $3: the instrument.
select c.organ, c.case_id, c.body
from unnest($1::text[]) as o (organ)
cross join lateral (
    select organ, case_id, body
    from received_instrument
    where organ = o.organ and case_id = $2 and instrument_id = $3
    limit 1
) as c
