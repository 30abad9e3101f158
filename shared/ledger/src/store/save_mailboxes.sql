insert into mailbox (organ, audience, seq, hash)
select $1, m.audience, m.seq, m.hash
from unnest($2::text[], $3::bigint[], $4::bytea[]) as m (audience, seq, hash)
on conflict on constraint mailbox_pk do update set seq = excluded.seq, hash = excluded.hash
