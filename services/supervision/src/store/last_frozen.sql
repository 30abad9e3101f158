select coalesce(max(version), 0) from frozen_period where organ = $1 and kind = $2 and from_day = $3 and to_day = $4
