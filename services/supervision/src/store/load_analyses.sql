select a.organ, a.analysis_id, a.from_day, a.to_day, a.version, a.text, a.written_by, a.written_at, a.signed_by, a.signed_at
from unnest($2::uuid[]) as k (analysis_id)
cross join lateral (select * from analysis where organ = $1 and analysis_id = k.analysis_id offset 0) as a
