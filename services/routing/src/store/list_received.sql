-- $1: the organs the caller may see; $2, $3, $4: states, and the key that each of these comes after; $5: how many.
-- Each organ and state gives its most urgent by the index, and the first of these are taken.
select i.organ, i.case_id, i.body
from unnest($1::text[]) as o (organ)
cross join unnest($2::smallint[], $3::bigint[], $4::uuid[]) as w (state, urgency, instrument_id)
cross join lateral (
    select *
    from received_instrument
    where organ = o.organ and state = w.state and (urgency, instrument_id) > (w.urgency, w.instrument_id)
    order by urgency, instrument_id
    limit $5
) as i
order by i.state, i.urgency, i.instrument_id
limit $5
