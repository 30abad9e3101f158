insert into case_facet (organ, facet, value, received_at, case_id)
select $1, * from unnest($2::smallint[], $3::text[], $4::bigint[], $5::uuid[])
on conflict on constraint case_facet_pk do nothing
