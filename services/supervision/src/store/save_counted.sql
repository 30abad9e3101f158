-- Lists are handed over as text, joined by U+001F: an array of arrays has to be rectangular.
insert into counted (organ, case_id, seq, ordinal, part, measure, day, recorded_on, undone_on, term, channel, grounds, against,
                     finding, findings, late, workdays)
select $1, case_id, seq, ordinal, part, measure, day, recorded_on, undone_on, term, channel,
       string_to_array(grounds, E'\x1f'), string_to_array(against, E'\x1f'), finding,
       string_to_array(findings, E'\x1f')::smallint[], late, workdays
from unnest($2::uuid[], $3::bigint[], $4::smallint[], $5::smallint[], $6::smallint[], $7::integer[], $8::integer[],
            $9::integer[], $10::integer[], $11::text[], $12::text[], $13::text[], $14::smallint[], $15::text[],
            $16::boolean[], $17::integer[])
     as n (case_id, seq, ordinal, part, measure, day, recorded_on, undone_on, term, channel, grounds, against, finding,
           findings, late, workdays)
on conflict on constraint counted_pk do update set undone_on = excluded.undone_on
