insert into month_figure (organ, part, facet, month, value, received, accepted, declined, referred, directed,
                        open, concluded, late, extended, withdrawn, reopened, returned, repeated, workdays)
select $1, *
from unnest($2::smallint[], $3::smallint[], $4::integer[], $5::text[], $6::integer[], $7::integer[], $8::integer[], $9::integer[],
            $10::integer[], $11::integer[], $12::integer[], $13::integer[], $14::integer[], $15::integer[], $16::integer[],
            $17::integer[], $18::integer[], $19::integer[])
on conflict on constraint month_figure_pk do update
set received = month_figure.received + excluded.received, accepted = month_figure.accepted + excluded.accepted,
    declined = month_figure.declined + excluded.declined, referred = month_figure.referred + excluded.referred,
    directed = month_figure.directed + excluded.directed, open = month_figure.open + excluded.open,
    concluded = month_figure.concluded + excluded.concluded, late = month_figure.late + excluded.late,
    extended = month_figure.extended + excluded.extended, withdrawn = month_figure.withdrawn + excluded.withdrawn,
    reopened = month_figure.reopened + excluded.reopened, returned = month_figure.returned + excluded.returned,
    repeated = month_figure.repeated + excluded.repeated, workdays = month_figure.workdays + excluded.workdays
