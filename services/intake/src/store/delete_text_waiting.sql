-- $1, $2, $3: organs, cases and versions. The lateral join takes the primary key whatever the statistics say.
delete from text_waiting
where ctid = any (array(
    select w.ctid
    from unnest($1::text[], $2::uuid[], $3::integer[]) as k (organ, case_id, version)
    cross join lateral (
        select ctid
        from text_waiting
        where organ = k.organ and case_id = k.case_id and version = k.version
        limit 1
    ) as w
))
returning organ, case_id
