-- An erased case gets no key again.
insert into case_key (organ, case_id, wrapped)
select $1, k.case_id, k.wrapped
from unnest($2::uuid[], $3::bytea[]) as k (case_id, wrapped)
where not exists (select 1 from erasure where organ = $1 and case_id = k.case_id and kind = 1)
on conflict on constraint case_key_pk do nothing
