select year, last from number_register where organ = $1
