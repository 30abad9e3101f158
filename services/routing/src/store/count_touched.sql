-- $1: organs; $2: how many are counted at the most.
select
    (select count(*) from (
        select 1
        from unnest($1::text[]) as o (organ)
        cross join lateral (select 1 from case_home where organ = o.organ order by organ, case_id limit $2) as c
        limit $2
    ) as homes),
    (select count(*) from (
        select 1
        from unnest($1::text[]) as o (organ)
        cross join lateral (
            select 1 from case_home
            where holder = o.organ and holder <> '' and organ <> all($1::text[])
            order by organ, case_id
            limit $2
        ) as c
        limit $2
    ) as held)
