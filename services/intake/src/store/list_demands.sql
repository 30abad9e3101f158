-- $1: the centre; $2: the organ that has to answer; $3: states; $4, $5: the key that each of these comes after; $6: how many.
select d.demand_id, d.report_id, d.demanded, d.demanded_at, d.overdue_since, d.answered, d.answered_at
from unnest($3::smallint[], $4::bigint[], $5::uuid[]) as w (state, due_at, demand_id)
cross join lateral (
    select *
    from report_demand
    where organ = $1 and addressed = $2 and state = w.state and (due_at, demand_id) > (w.due_at, w.demand_id)
    order by due_at, demand_id
    limit $6
) as d
order by d.state, d.due_at, d.demand_id
limit $6
