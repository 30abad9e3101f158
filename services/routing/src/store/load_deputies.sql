-- Those that end last: whoever is a deputy now is among them. $1: the organ; $2: how many at the most.
select body from deputy where organ = $1 order by ends_at desc, deputy_id desc limit $2
