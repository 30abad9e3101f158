insert into case_key (organ, case_id, wrapped)
select $1, k.case_id, k.wrapped
from unnest($2::uuid[], $3::bytea[]) as k (case_id, wrapped)
on conflict on constraint case_key_pk do nothing
