insert into number_register (organ, year, last)
select $1, * from unnest($2::integer[], $3::integer[])
on conflict on constraint number_register_pk do update set last = excluded.last
