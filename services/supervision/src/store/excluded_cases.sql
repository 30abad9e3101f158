-- Of these cases, each in its organ's ledger, those of which an exclusion is proposed or approved.
select k.organ, k.case_id
from unnest($1::text[], $2::uuid[]) as k (organ, case_id)
cross join lateral (select 1 from exclusion where organ = k.organ and case_id = k.case_id and state <> 3 limit 1) as e
