select k.wrapped, c.sealed
from case_key k
join content c on c.organ = k.organ and c.case_id = k.case_id
where k.organ = $1 and k.case_id = $2 and c.item_id = $3 and c.version = $4
