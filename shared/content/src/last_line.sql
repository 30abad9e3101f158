select line, mac from erasure order by line desc limit 1
