-- Without its key a case's texts are nothing; they go as well. $1 organs, $2 cases.
with gone as (
    select g.organ, g.case_id from unnest($1::text[], $2::uuid[]) as g (organ, case_id)
), texts as (
    delete from content using gone where content.organ = gone.organ and content.case_id = gone.case_id
)
delete from case_key using gone where case_key.organ = gone.organ and case_key.case_id = gone.case_id
