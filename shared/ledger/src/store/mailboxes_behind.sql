select m.organ, m.audience, c.epoch, c.seq, c.hash
from mailbox as m
left join cursor as c
    on c.organ = m.audience and c.source_service = $1 and c.source_organ = m.organ and c.mailbox
where m.seq > coalesce(c.seq, 0)
