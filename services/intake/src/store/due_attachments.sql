select organ, attachment_id, case_id
from attachment
where state = $1 and state in (1, 3) and since < $2
order by since
limit $3
