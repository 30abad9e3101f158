select actor, kind, case_id from entry where organ = $1 and request_id = $2 limit 1
