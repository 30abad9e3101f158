select
    organ, seq, epoch, case_id, kind, body, recorded_at, actor, audience, audience_seq, audience_prev_hash, cause_service,
    cause_organ, cause_epoch, cause_seq, request_id, fingerprint, answer, prev_hash, hash
from entry
where organ = $1 and seq > $2 and seq <= $3 and (cardinality($4::text[]) = 0 or kind = any ($4))
order by seq
limit $5
