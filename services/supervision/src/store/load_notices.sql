select year, last from notice_register where organ = $1
