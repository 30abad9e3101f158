select recorded_at, actor, body from entry where organ = $1 and case_id = $2 order by seq
