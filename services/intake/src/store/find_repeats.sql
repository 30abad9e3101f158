-- The cases with the same identifiers as these, in any organ: $1 the organ, $2 its cases, $3 how many are looked at for each
-- identifier. `matched` has a bit for each kind.
select k.case_id, m.organ as other_organ, m.case_id as other_case_id, m.matched, c.received, c.received_at
from unnest($2::uuid[]) as k (case_id)
cross join lateral (
    select same.organ, same.case_id, bit_or(1 << same.kind)::integer as matched
    from blind_index as own
    cross join lateral (
        select organ, case_id, kind from blind_index where hash = own.hash and kind = own.kind limit $3
    ) as same
    where own.organ = $1 and own.case_id = k.case_id and (same.organ, same.case_id) <> ($1, k.case_id)
    group by same.organ, same.case_id
) as m
cross join lateral (
    select received, received_at from case_file where organ = m.organ and case_id = m.case_id limit 1
) as c
