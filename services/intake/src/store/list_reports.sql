-- $1: the centre; $2: those about others, and those about itself; $3: states; $4, $5: the key that the page comes after; $6:
-- how many. Each state gives its newest by the index, and the newest of these are taken.
select r.report_id, r.received, r.received_at, r.closed, r.closed_at
from unnest($2::boolean[]) as x (restricted)
cross join unnest($3::smallint[]) as s (state)
cross join lateral (
    select *
    from report
    where organ = $1 and restricted = x.restricted and state = s.state
      and (received_at, report_id) < ($4::bigint, $5::uuid)
    order by received_at desc, report_id desc
    limit $6
) as r
order by r.received_at desc, r.report_id desc
limit $6
