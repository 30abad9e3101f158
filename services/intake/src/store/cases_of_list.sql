select case_id from case_retention where organ = $1 and list_id = $2 order by case_id
