select r.report_id, r.received, r.received_at, r.closed, r.closed_at
from unnest($2::uuid[]) as k (report_id)
cross join lateral (select * from report where organ = $1 and report_id = k.report_id limit 1) as r
