insert into clock (organ, case_id, term, number, responsible_organ, home, registering_organ, start_at, accepted_at, due_at,
                   length, extended, provisional, calendar, external_due_at, citation, rung_times, fired, light, next_at,
                   stopped_at, stop_reason, on_time, workdays, reopened, pauses,
                   paused_cause, paused_at, paused_until)
select $1, *
from unnest($2::uuid[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[],
            $10::bigint[], $11::text[], $12::boolean[], $13::boolean[], $14::text[], $15::bigint[], $16::bytea[],
            $17::bytea[], $18::integer[], $19::smallint[], $20::bigint[], $21::bigint[], $22::smallint[], $23::boolean[],
            $24::integer[], $25::boolean[], $26::bytea[], $27::text[], $28::bigint[], $29::bigint[])
on conflict on constraint clock_pk do update
set due_at = excluded.due_at, length = excluded.length, extended = excluded.extended,
    external_due_at = excluded.external_due_at, provisional = excluded.provisional, calendar = excluded.calendar, rung_times = excluded.rung_times,
    fired = excluded.fired, light = excluded.light, next_at = excluded.next_at, stopped_at = excluded.stopped_at,
    stop_reason = excluded.stop_reason, on_time = excluded.on_time, workdays = excluded.workdays,
    pauses = excluded.pauses, paused_cause = excluded.paused_cause, paused_at = excluded.paused_at,
    paused_until = excluded.paused_until
