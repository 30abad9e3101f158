select organ, case_id, appeal_id, body from appeal where organ = $1 and case_id = $2 and appeal_id = $3
