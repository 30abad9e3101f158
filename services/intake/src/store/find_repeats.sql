-- The cases with the same identifiers as these, in any organ: $1 the organ, $2 its cases, $3 how many are looked at for each
-- identifier. `matched` has a bit for each kind; `came_before` says of a case of the same organ which of both stands first in its
-- ledger.
select k.case_id, m.organ as other_organ, m.case_id as other_case_id, m.matched, c.received, c.received_at,
       theirs.seq < own.seq as came_before
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
cross join lateral (select seq from entry where organ = $1 and case_id = k.case_id order by seq limit 1) as own
cross join lateral (select seq from entry where organ = m.organ and case_id = m.case_id order by seq limit 1) as theirs
