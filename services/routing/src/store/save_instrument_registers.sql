insert into instrument_register (organ, kind, year, last)
select $1, * from unnest($2::smallint[], $3::smallint[], $4::integer[])
on conflict on constraint instrument_register_pk do update set last = excluded.last
