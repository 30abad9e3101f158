-- What is due at $1, the one that waits longest first, over all organs; $2: how many of each. 1 is a supplement that is waited for,
-- 2 a referral, 3 a demand.
(
    select 1 as what, organ, case_id, case_id as id
    from case_file
    where supplement_due_at <= $1 and state = 3
    order by supplement_due_at
    limit $2
)
union all
(select 2, organ, case_id, case_id from referral where next_at <= $1 order by next_at limit $2)
union all
(select 3, organ, report_id, demand_id from report_demand where next_at <= $1 order by next_at limit $2)
