select at, reader, purpose from identity_reading where organ = $1 and case_id = $2 order by seq
