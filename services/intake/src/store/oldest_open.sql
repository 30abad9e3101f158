-- Since when the reply that waits longest to be told has been due.
select since from reply where is_open order by since limit 1
