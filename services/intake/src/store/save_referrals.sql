insert into referral (organ, case_id, state, urgency, next_at, referred_at, due_at, overdue_since, referred, answer)
select $1, *
from unnest($2::uuid[], $3::smallint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bytea[],
            $10::bytea[])
on conflict on constraint referral_pk do update
set state = excluded.state, next_at = excluded.next_at, overdue_since = excluded.overdue_since, answer = excluded.answer
