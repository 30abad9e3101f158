insert into day_figure (organ, part, facet, day, value, recorded_on, received, accepted, declined, referred, directed,
                        open, concluded, late, extended, withdrawn, reopened, returned, repeated, workdays)
select $1, *
from unnest($2::smallint[], $3::smallint[], $4::integer[], $5::text[], $6::integer[], $7::integer[], $8::integer[], $9::integer[], $10::integer[],
            $11::integer[], $12::integer[], $13::integer[], $14::integer[], $15::integer[], $16::integer[], $17::integer[],
            $18::integer[], $19::integer[], $20::integer[])
on conflict on constraint day_figure_pk do update
set received = day_figure.received + excluded.received, accepted = day_figure.accepted + excluded.accepted,
    declined = day_figure.declined + excluded.declined, referred = day_figure.referred + excluded.referred,
    directed = day_figure.directed + excluded.directed, open = day_figure.open + excluded.open,
    concluded = day_figure.concluded + excluded.concluded, late = day_figure.late + excluded.late,
    extended = day_figure.extended + excluded.extended, withdrawn = day_figure.withdrawn + excluded.withdrawn,
    reopened = day_figure.reopened + excluded.reopened, returned = day_figure.returned + excluded.returned,
    repeated = day_figure.repeated + excluded.repeated, workdays = day_figure.workdays + excluded.workdays
