insert into notice_register (organ, year, last)
select $1, * from unnest($2::integer[], $3::bigint[])
on conflict on constraint notice_register_pk do update set last = excluded.last
