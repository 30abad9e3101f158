-- $1: organs; $2, $3: the key that the page comes after; $4: how many.
select t.organ, t.case_id, t.holder
from (
    select c.organ, c.case_id, c.holder
    from unnest($1::text[]) as o (organ)
    cross join lateral (
        select organ, case_id, holder
        from case_home
        where organ = o.organ and (organ, case_id) > ($2::text, $3::uuid)
        order by organ, case_id
        limit $4
    ) as c
    union
    select c.organ, c.case_id, c.holder
    from unnest($1::text[]) as o (organ)
    cross join lateral (
        select organ, case_id, holder
        from case_home
        where holder = o.organ and holder <> '' and (organ, case_id) > ($2::text, $3::uuid)
        order by organ, case_id
        limit $4
    ) as c
) as t
order by t.organ, t.case_id
limit $4
