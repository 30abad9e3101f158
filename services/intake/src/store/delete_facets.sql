-- The lateral join takes the primary key whatever the statistics say. Only the organ's writer changes these rows.
delete from case_facet
where ctid = any (array(
    select f.ctid
    from unnest($2::smallint[], $3::text[], $4::bigint[], $5::uuid[]) as k (facet, value, received_at, case_id)
    cross join lateral (
        select ctid
        from case_facet
        where organ = $1 and facet = k.facet and value = k.value
          and received_at = k.received_at and case_id = k.case_id
        limit 1
    ) as f
))
