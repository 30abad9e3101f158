-- The same by day.
select o.organ, f.day, f.received, f.accepted, f.declined, f.referred, f.directed, f.open, f.concluded, f.late,
       f.extended, f.withdrawn, f.reopened, f.returned, f.repeated, f.workdays
from unnest($1::text[]) as o (organ)
cross join lateral (
    select day, sum(received) as received, sum(accepted) as accepted, sum(declined) as declined, sum(referred) as referred,
           sum(directed) as directed, sum(open) as open, sum(concluded) as concluded, sum(late) as late,
           sum(extended) as extended, sum(withdrawn) as withdrawn, sum(reopened) as reopened, sum(returned) as returned,
           sum(repeated) as repeated, sum(workdays) as workdays
    from day_figure
    where organ = o.organ and part = $2 and facet = $3 and day between $4 and $5 and recorded_on <= $6
    group by day
) as f
