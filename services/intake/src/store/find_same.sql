-- $1, $2: kinds of identifier and their hashes; $3: how many are looked at for each. The cases, in any organ, that have one of
-- them. `matched` has a bit for each kind.
select m.organ, m.case_id, m.matched, c.number, c.received, c.received_at
from (
    select same.organ, same.case_id, bit_or(1 << k.kind)::integer as matched
    from unnest($1::smallint[], $2::bytea[]) as k (kind, hash)
    cross join lateral (
        select organ, case_id from blind_index where hash = k.hash and kind = k.kind limit $3
    ) as same
    group by same.organ, same.case_id
) as m
cross join lateral (
    select number, received, received_at from case_file where organ = m.organ and case_id = m.case_id limit 1
) as c
