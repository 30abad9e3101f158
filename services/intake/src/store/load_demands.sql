select d.demand_id, d.report_id, d.demanded, d.demanded_at, d.overdue_since, d.answered, d.answered_at
from unnest($2::uuid[]) as k (report_id)
cross join lateral (select * from report_demand where organ = $1 and report_id = k.report_id offset 0) as d
