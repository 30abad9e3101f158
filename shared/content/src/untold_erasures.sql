select organ, case_id, kind, at, article, line, mac from erasure where not told order by organ, case_id, kind limit $1
