insert into entry (
    organ, seq, epoch, case_id, kind, body, recorded_at, actor, audience, audience_seq, audience_prev_hash,
    cause_service, cause_organ, cause_epoch, cause_seq, request_id, fingerprint, answer, prev_hash, hash
)
select $1, e.*
from unnest(
    $2::bigint[], $3::integer[], $4::uuid[], $5::text[], $6::bytea[], $7::bigint[], $8::text[], $9::text[],
    $10::bigint[], $11::bytea[], $12::smallint[], $13::text[], $14::integer[], $15::bigint[], $16::uuid[],
    $17::bytea[], $18::bytea[], $19::bytea[], $20::bytea[]
) as e
