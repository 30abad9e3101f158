-- What an erasure that is noted deletes once more, where a single table was put back: texts may have come since. $1 organs,
-- $2 cases.
with gone as (
    select g.organ, g.case_id from unnest($1::text[], $2::uuid[]) as g (organ, case_id)
), words as (
    delete from case_text using gone where case_text.organ = gone.organ and case_text.case_id = gone.case_id
), indexes as (
    delete from blind_index using gone where blind_index.organ = gone.organ and blind_index.case_id = gone.case_id
)
delete from sealed_identity using gone
where sealed_identity.organ = gone.organ and sealed_identity.case_id = gone.case_id
