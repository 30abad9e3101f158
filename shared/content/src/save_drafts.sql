-- An erased case gets no text any more.
insert into content (organ, case_id, item_id, version, kind, sealed)
select $1, d.case_id, d.item_id, d.version, d.kind, d.sealed
from unnest($2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::bytea[])
    as d (case_id, item_id, version, kind, sealed)
where not exists (select 1 from erasure where organ = $1 and case_id = d.case_id and kind = 1)
