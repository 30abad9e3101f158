select r.organ, '' as number, r.case_id, r.referred_at, r.due_at, r.overdue_since, r.referred, r.answer
from unnest($2::uuid[]) as k (case_id)
cross join lateral (select * from referral where organ = $1 and case_id = k.case_id limit 1) as r
