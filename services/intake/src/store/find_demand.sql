select demand_id, report_id, demanded, demanded_at, overdue_since, answered, answered_at
from report_demand
where organ = $1 and demand_id = $3 and addressed = $2
