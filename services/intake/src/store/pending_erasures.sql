select organ, case_id, body from case_retention where pending order by organ, case_id limit $1
