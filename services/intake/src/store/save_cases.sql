insert into case_file (organ, case_id, state, version, number, received, received_at, accepted_at, supplement_due_at,
                       working_item, working_version, working_commitment, closing, responsible_organ, term, finding,
                       withdrawn, treatment)
select $1, *
from unnest($2::uuid[], $3::smallint[], $4::integer[], $5::text[], $6::bytea[], $7::bigint[], $8::bigint[], $9::bigint[],
            $10::uuid[], $11::integer[], $12::bytea[], $13::text[], $14::text[], $15::integer[], $16::smallint[],
            $17::boolean[], $18::smallint[])
on conflict on constraint case_file_pk do update
set state = excluded.state, version = excluded.version, number = excluded.number, received = excluded.received,
    accepted_at = excluded.accepted_at, supplement_due_at = excluded.supplement_due_at,
    working_item = excluded.working_item, working_version = excluded.working_version,
    working_commitment = excluded.working_commitment, closing = excluded.closing,
    responsible_organ = excluded.responsible_organ, term = excluded.term, finding = excluded.finding,
    withdrawn = excluded.withdrawn, treatment = excluded.treatment
