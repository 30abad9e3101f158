select f.file
from unnest($2::uuid[]) as k (case_id)
cross join lateral (select * from accountability_file where organ = $1 and case_id = k.case_id offset 0) as f
