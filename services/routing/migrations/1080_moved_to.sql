-- The home of a case that moved away from this organ, which is neither that nor its holder any more; empty where it did not, null
-- where a version before this one wrote the row and it is not worked out yet: the program does that as it starts.
alter table routed_case add column moved_to text;
