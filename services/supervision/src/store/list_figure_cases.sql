-- $1: the organs; $2: whose figures; $3: what was counted; $4: the last day; $5: as of the end of; $6 to $10: the key that the
-- page comes after; $11: how many. Each organ gives its first ones by the index.
select c.organ, c.case_id, c.seq, c.ordinal, c.part, c.measure, c.day, c.recorded_on, c.undone_on, c.term, c.channel,
       c.grounds, c.against, c.finding, c.findings, c.late, c.workdays, coalesce(k.number, '') as number
from (
    select l.*
    from unnest($1::text[]) as o (organ)
    cross join lateral (
        select *
        from counted
        where organ = o.organ and part = $2 and measure = $3 and day <= $4 and recorded_on <= $5 and undone_on > $5
          and (day, case_id, seq, ordinal) >= ($6::integer, $7::uuid, $8::bigint, $9::smallint)
          and (day, case_id, seq, ordinal, organ) > ($6, $7, $8, $9, $10::text)
        order by day, case_id, seq, ordinal
        limit $11
    ) as l
    order by l.day, l.case_id, l.seq, l.ordinal, l.organ
    limit $11
) as c
left join lateral (
    select number from clock where organ = c.organ and case_id = c.case_id order by term limit 1
) as k on true
order by c.day, c.case_id, c.seq, c.ordinal, c.organ
