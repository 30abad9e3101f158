insert into board (organ, received, open, due_soon, overdue, concluded, on_time, held, repeated)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict on constraint board_pk do update
set received = board.received + excluded.received, open = board.open + excluded.open,
    due_soon = board.due_soon + excluded.due_soon, overdue = board.overdue + excluded.overdue,
    concluded = board.concluded + excluded.concluded, on_time = board.on_time + excluded.on_time,
    held = board.held + excluded.held, repeated = board.repeated + excluded.repeated
