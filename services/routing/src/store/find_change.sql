select body from organ_change where organ = $1 and change_id = $2
