-- What is to be told to the organ that may hold accountable, over all organs.
select organ, case_id, conduct from conduct where is_due order by organ, case_id limit $1
