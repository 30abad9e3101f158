-- The rungs of these clocks that fired on a date that is withdrawn: from the place given on. What fires again comes later.
update told_rung t
set annulled = true
from unnest($2::uuid[], $3::integer[], $4::integer[]) as a (case_id, term, standing)
where t.organ = $1 and t.case_id = a.case_id and t.term = a.term and t.place >= a.standing and not t.annulled
