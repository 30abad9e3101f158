-- What happened in a ledger after an entry, up to another: $1 the organ, $2, $3 the entries, $4 the kinds, $5 how many.
select seq, case_id, kind, recorded_at
from entry
where organ = $1 and seq > $2 and seq <= $3 and case_id is not null and kind = any($4)
order by seq
limit $5
