select body from organ_change where organ = $1
