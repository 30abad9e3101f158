delete from case_home where organ = $1 and case_id = any($2)
