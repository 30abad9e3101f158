-- $1: the ledger; $2: the organ; $3: the version that the page comes before; $4: how many.
select body
from organ_version
where organ = $1 and code = $2 and (code, version) < ($2, $3::bigint)
order by code desc, version desc
limit $4
