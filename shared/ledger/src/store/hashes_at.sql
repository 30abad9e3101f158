select wanted.organ, h.epoch, h.seq, h.hash, e.hash as entry_hash
from unnest($1::text[], $2::bigint[]) as wanted (organ, seq)
left join head as h on h.organ = wanted.organ
left join lateral (select hash from entry where organ = wanted.organ and entry.seq = wanted.seq limit 1) as e on true
