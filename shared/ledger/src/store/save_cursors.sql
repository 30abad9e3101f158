insert into cursor (organ, source_service, source_organ, mailbox, epoch, seq, hash)
select $1, c.*
from unnest($2::smallint[], $3::text[], $4::boolean[], $5::integer[], $6::bigint[], $7::bytea[]) as c
on conflict on constraint cursor_pk
do update set epoch = excluded.epoch, seq = excluded.seq, hash = excluded.hash
