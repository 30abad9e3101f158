select count(*) from report where organ = $1 and about_case = $2 and state <> 4
