-- Those of these cases who do not investigate any more: $2 the cases; $3, $4 who does, and which. Only the organ's writer
-- changes these rows.
delete from case_officer
where ctid = any (array(
    select o.ctid
    from unnest($2::uuid[]) as k (case_id)
    cross join lateral (
        select ctid, person from case_officer where organ = $1 and case_id = k.case_id offset 0
    ) as o
    where not exists (
        select 1
        from unnest($3::text[], $4::uuid[]) as w (person, case_id)
        where w.person = o.person and w.case_id = k.case_id
    )
))
