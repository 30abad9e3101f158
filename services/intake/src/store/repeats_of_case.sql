-- $1, $2: a case; $3: how many are looked at for each identifier. The other cases, in any organ, with more of the complainant in
-- common than the name, but for those whose link was taken back.
select c.received
from (
    select same.organ, same.case_id
    from blind_index as own
    cross join lateral (
        select organ, case_id from blind_index where hash = own.hash and kind = own.kind limit $3
    ) as same
    where own.organ = $1 and own.case_id = $2 and own.kind > 1 and (same.organ, same.case_id) <> ($1, $2)
    group by same.organ, same.case_id
) as m
cross join lateral (select received from case_file where organ = m.organ and case_id = m.case_id limit 1) as c
where not exists (
    select 1 from case_link
    where organ = $1 and case_id = $2 and other_organ = m.organ and other_case_id = m.case_id and not stands
) and not exists (
    select 1 from case_link
    where organ = m.organ and case_id = m.case_id and other_organ = $1 and other_case_id = $2 and not stands
)
