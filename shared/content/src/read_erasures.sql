select kind, at, article from erasure where organ = $1 and case_id = $2 order by kind
