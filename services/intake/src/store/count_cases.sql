-- $1: the organs the caller may see; $2: states; $3: received before; $4: received then or later; $5: where to stop.
select count(*)
from (
    select 1
    from unnest($1::text[]) as o (organ)
    cross join unnest($2::smallint[]) as s (state)
    cross join lateral (
        select 1
        from case_file
        where organ = o.organ and state = s.state and received_at < $3::bigint and received_at >= $4::bigint
        limit $5
    ) as n
    limit $5
) as counted
