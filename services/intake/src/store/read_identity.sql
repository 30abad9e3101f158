select sealed from sealed_identity where organ = $1 and case_id = $2
