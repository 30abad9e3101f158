select case_id from case_key where organ = $1 and case_id = any($2)
