select kind, year, last from instrument_register where organ = $1
