-- Those of the cases $2 of organ $1 that a standing link, of whichever side, ties to a case that has not ended: DECLINED, REFERRED,
-- DIRECTED_ELSEWHERE, WITHDRAWN, ARCHIVED are ends.
select k.case_id
from unnest($2::uuid[]) as k (case_id)
cross join lateral (
    select 1
    from (
        select other_organ, other_case_id from case_link where organ = $1 and case_id = k.case_id and stands
        union all
        select organ, case_id from case_link where other_organ = $1 and other_case_id = k.case_id and stands
    ) as l (organ, case_id)
    cross join lateral (
        select state from case_file where organ = l.organ and case_id = l.case_id limit 1
    ) as c
    where c.state not in (5, 6, 7, 8, 12)
    limit 1
) as h
