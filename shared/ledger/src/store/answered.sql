select wanted.id, e.fingerprint, e.answer, e.recorded_at, e.epoch, e.seq, e.hash
from unnest($2::uuid[]) as wanted (id)
cross join lateral (
    select fingerprint, answer, recorded_at, epoch, seq, hash
    from entry
    where organ = $1 and request_id = wanted.id
    limit 1
) as e
