insert into content (organ, case_id, item_id, version, kind, sealed)
select $1, d.case_id, d.item_id, d.version, d.kind, d.sealed
from unnest($2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::bytea[])
    as d (case_id, item_id, version, kind, sealed)
