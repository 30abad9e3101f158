select m.audience, m.seq, m.hash
from unnest($2::text[]) as wanted (audience)
cross join lateral (select audience, seq, hash from mailbox where organ = $1 and audience = wanted.audience limit 1) as m
