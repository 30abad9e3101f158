-- Those of these cases that an entry of the ledger tells of: $1 the organ, $2 the cases.
select k.case_id
from unnest($2::uuid[]) as k (case_id)
cross join lateral (
    select 1 from erasure where organ = $1 and case_id = k.case_id and kind = 1 and told limit 1
) as e
