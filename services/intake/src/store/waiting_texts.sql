-- $1: how many. The newest working copy of each case that waits.
select w.organ, w.case_id, w.version, c.working_item, c.working_version
from (select organ, case_id, version from text_waiting order by organ, case_id, version limit $1) as w
cross join lateral (
    select working_item, working_version from case_file where organ = w.organ and case_id = w.case_id limit 1
) as c
