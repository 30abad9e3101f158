-- Of an identity that is erased nothing stays that may name somebody: the working copy is masked, and searched for no more. $1
-- organs, $2 cases.
with gone as (
    select g.organ, g.case_id from unnest($1::text[], $2::uuid[]) as g (organ, case_id)
), texts as (
    delete from content using gone
    where content.organ = gone.organ and content.case_id = gone.case_id and content.kind <> 'working_copy'
), words as (
    delete from case_text using gone where case_text.organ = gone.organ and case_text.case_id = gone.case_id
), waiting as (
    delete from text_waiting using gone where text_waiting.organ = gone.organ and text_waiting.case_id = gone.case_id
), indexes as (
    delete from blind_index using gone where blind_index.organ = gone.organ and blind_index.case_id = gone.case_id
)
delete from sealed_identity using gone
where sealed_identity.organ = gone.organ and sealed_identity.case_id = gone.case_id
