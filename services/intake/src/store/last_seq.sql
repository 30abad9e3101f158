select seq from head where organ = $1
