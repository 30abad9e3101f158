select organ, attachment_id, case_id
from attachment
where (organ, attachment_id) > ($1, $2) and state = 2
order by organ, attachment_id
limit $3
