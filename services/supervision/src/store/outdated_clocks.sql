-- Running clocks that another calendar worked out, a page after the key $2 to $5, by the index that leads with the calendar: what
-- is up to date is not read. In the second half the key is no bound of the index (`|| ''`): a scan would begin there, and pass all that
-- are up to date; of those after them, what pages before took is worked out by now and gone.
select calendar, organ, case_id, term
from (
    (select calendar, organ, case_id, term from clock
     where stopped_at is null and calendar < $1 and (calendar, organ, case_id, term) > ($2::text, $3::text, $4::uuid, $5::integer)
     order by calendar, organ, case_id, term limit $6)
    union all
    (select calendar, organ, case_id, term from clock
     where stopped_at is null and calendar > $1 and (calendar || '', organ, case_id, term) > ($2, $3, $4, $5)
     order by calendar, organ, case_id, term limit $6)
) as c
order by calendar, organ, case_id, term
limit $6
