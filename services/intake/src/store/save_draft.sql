insert into draft (organ, owner, draft_id, wrapped, sealed, saved_at, kept_until)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict on constraint draft_pk
do update set wrapped = excluded.wrapped, sealed = excluded.sealed, saved_at = excluded.saved_at,
              kept_until = excluded.kept_until
