-- $1: the organs the caller may see; $2: which list; $3 to $6: the key that the page comes after; $7: how many.
select r.organ, r.case_id, r.term, r.body
from unnest($1::text[]) as o (organ)
cross join lateral (
    select *
    from review
    where organ = o.organ and list = $2
      and (since, case_id, term) >= ($3::bigint, $4::uuid, $5::integer)
      and (since, case_id, term, organ) > ($3, $4, $5, $6::text)
    order by since, case_id, term
    limit $7
) as r
order by r.since, r.case_id, r.term, r.organ
limit $7
