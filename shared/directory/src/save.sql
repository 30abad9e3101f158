insert into organ_directory (organ, code, parent, body)
select $1, o.code, o.parent, o.body
from unnest($2::text[], $3::text[], $4::bytea[]) as o (code, parent, body)
on conflict on constraint organ_directory_pk do update set parent = excluded.parent, body = excluded.body
