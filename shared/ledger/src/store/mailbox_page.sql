select
    organ, seq, epoch, case_id, kind, body, recorded_at, actor, audience, audience_seq, audience_prev_hash, cause_service,
    cause_organ, cause_epoch, cause_seq, request_id, fingerprint, answer, prev_hash, hash
from entry
where organ = $1 and audience = $2 and audience_seq > $3
order by audience_seq
limit $4
