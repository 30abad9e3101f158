select body from organ_directory where organ = $1 and code = any($2)
