select body from organ_directory where organ = $1
