select r.organ, r.reply_id, r.case_id, r.occasion, r.since, r.due_at, r.citation, r.outcome, r.attempts,
       r.route, r.next_at, r.begun, r.progress, r.code, r.spent, r.rated
from unnest($2::uuid[]) as k (case_id)
cross join lateral (select * from reply where organ = $1 and case_id = k.case_id offset 0) as r
