-- $1: the organs the caller may see; $2: those that wait; $3 to $6: the key that the page comes after; $7: how many.
select a.organ, a.case_id, a.appeal_id, a.body
from unnest($1::text[]) as o (organ)
cross join lateral (
    select *
    from appeal
    where organ = o.organ and is_open = $2
      and (listed_at, case_id, appeal_id) >= ($3::bigint, $4::uuid, $5::uuid)
      and (listed_at, case_id, appeal_id, organ) > ($3, $4, $5, $6::text)
    order by listed_at, case_id, appeal_id
    limit $7
) as a
order by a.listed_at, a.case_id, a.appeal_id, a.organ
limit $7
