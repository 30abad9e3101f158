insert into frozen_period (organ, frozen_id, kind, from_day, to_day, version, signed_by, signed_at, frozen)
select $1, *
from unnest($2::uuid[], $3::integer[], $4::text[], $5::text[], $6::integer[], $7::text[], $8::bigint[], $9::bytea[])
