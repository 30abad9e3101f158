insert into parked (organ, source_service, source_organ, mailbox, epoch, seq, error, parked_at)
select $1, p.*
from unnest(
    $2::smallint[], $3::text[], $4::boolean[], $5::integer[], $6::bigint[], $7::text[], $8::bigint[]
) as p
on conflict on constraint parked_pk do nothing
