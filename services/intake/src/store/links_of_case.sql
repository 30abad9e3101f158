-- The links that stand, in the case's own ledger and in others', each with the other case: $1 the organ, $2 the case. Of two
-- organs each may have found the other's case; taken back by one of them, it stands no more.
select l.other_organ, l.linked, c.case_id, c.number, c.received_at
from (
    select other_organ, other_case_id, linked
    from case_link
    where organ = $1 and case_id = $2 and stands
      and not exists (
          select 1 from case_link as back
          where back.organ = case_link.other_organ and back.case_id = case_link.other_case_id
            and back.other_organ = $1 and back.other_case_id = $2 and not back.stands
      )
    union all
    select organ, case_id, linked
    from case_link
    where other_organ = $1 and other_case_id = $2 and stands
      and not exists (
          select 1 from case_link as own
          where own.organ = $1 and own.case_id = $2
            and own.other_organ = case_link.organ and own.other_case_id = case_link.case_id and not own.stands
      )
) as l
cross join lateral (
    select case_id, number, received_at
    from case_file
    where organ = l.other_organ and case_id = l.other_case_id
    limit 1
) as c
order by c.received_at, c.case_id
