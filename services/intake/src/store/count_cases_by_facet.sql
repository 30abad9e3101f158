-- $1: the organs the caller may see; $2, $3: a facet and its values; $4: received before; $5: received then or later; $6:
-- where to stop. How many rows there are, and how many cases: one with two of the values has two rows.
select count(*), count(distinct counted.case_id)
from (
    select n.case_id
    from unnest($1::text[]) as o (organ)
    cross join unnest($3::text[]) as v (value)
    cross join lateral (
        select case_id
        from case_facet
        where organ = o.organ and facet = $2::smallint and value = v.value
          and received_at < $4::bigint and received_at >= $5::bigint
        limit $6
    ) as n
    limit $6
) as counted
