-- Sums by organ and value as they stand now: $1 the organs, $2 whose figures, $3 by what, $4 and $5 the first and the last month.
select o.organ, f.value, f.received, f.accepted, f.declined, f.referred, f.directed, f.open, f.concluded, f.late,
       f.extended, f.withdrawn, f.reopened, f.returned, f.repeated, f.workdays
from unnest($1::text[]) as o (organ)
cross join lateral (
    select value, sum(received) as received, sum(accepted) as accepted, sum(declined) as declined, sum(referred) as referred,
           sum(directed) as directed, sum(open) as open, sum(concluded) as concluded, sum(late) as late,
           sum(extended) as extended, sum(withdrawn) as withdrawn, sum(reopened) as reopened, sum(returned) as returned,
           sum(repeated) as repeated, sum(workdays) as workdays
    from month_figure
    where organ = o.organ and part = $2 and facet = $3 and month between $4 and $5
    group by value
) as f
