select organ, epoch, seq from head order by organ
