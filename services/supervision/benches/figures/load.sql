-- A year of $1 cases at 50 organs: each accepted, four of five concluded; three of a hundred noted a day late.
create temporary table made on commit drop as
select 'organ.' || lpad((n % 50)::text, 2, '0') as organ,
       md5(n::text)::uuid as case_id,
       20454 + (n / 50) % 365 as day,
       (n % 100 < 3)::integer as late_noted,
       (array['call', 'visit', 'letter', 'online', 'agency'])[1 + n % 5] as channel,
       '8.' || (1 + (n / 7) % 6) as ground,
       (1 + (n / 3) % 4)::smallint as finding,
       1 + (n % 23) as workdays,
       n % 10 < 8 as concluded
from generate_series(1, $1::bigint) as n;

insert into counted (organ, case_id, seq, ordinal, part, measure, day, recorded_on, undone_on, term, channel, grounds, against,
                     finding, findings, late, workdays)
select organ, case_id, 1, 0, 1, 2, day, day + late_noted, 2147483647, 0, channel, array[ground], '{}'::text[], 0, '{}'::smallint[], false, 0
from made
union all
select organ, case_id, 1, 1, 1, 6, day, day + late_noted, 2147483647, 0, channel, array[ground], '{}'::text[], 0, '{}'::smallint[], false, 0
from made where not concluded
union all
select organ, case_id, 2, 0, 1, 7, day + workdays, day + workdays + late_noted, 2147483647, 0, channel, array[ground], '{}'::text[],
       finding, '{}'::smallint[], workdays > 20, workdays
from made where concluded;

insert into day_figure (organ, part, facet, day, value, recorded_on, received, accepted, declined, referred, directed, open,
                        concluded, late, extended, withdrawn, reopened, returned, repeated, workdays)
select organ, part, f.facet, day, f.value, recorded_on, 0, count(*) filter (where measure = 2), 0, 0, 0,
       count(*) filter (where measure = 6), count(*) filter (where measure = 7), count(*) filter (where late), 0, 0, 0, 0, 0,
       sum(workdays)
from counted
cross join lateral (
    values (0, ''), (1, channel), (2, grounds[1]), (case when measure = 7 then 3 end, (array['FOUNDED', 'PARTLY_FOUNDED', 'UNFOUNDED', 'NOT_ESTABLISHED'])[finding]),
           (case when measure = 7 then 5 end, workdays::text)
) as f (facet, value)
where f.facet is not null
group by organ, part, f.facet, day, f.value, recorded_on;

insert into month_figure (organ, part, facet, month, value, received, accepted, declined, referred, directed, open, concluded,
                          late, extended, withdrawn, reopened, returned, repeated, workdays)
select organ, part, facet, month, value, sum(received), sum(accepted), sum(declined), sum(referred), sum(directed), sum(open), sum(concluded), sum(late), sum(extended), sum(withdrawn), sum(reopened), sum(returned), sum(repeated), sum(workdays)
from (select *, (extract(year from date '1970-01-01' + day) * 12 + extract(month from date '1970-01-01' + day) - 1)::integer as month
      from day_figure) as d
group by organ, part, facet, month, value;
