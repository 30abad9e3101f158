select organ, received, open, due_soon, overdue, concluded, on_time, held, repeated
from board
where organ = any($1)
order by organ
