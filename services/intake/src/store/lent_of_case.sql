select body from lent where organ = $1 and case_id = $2
