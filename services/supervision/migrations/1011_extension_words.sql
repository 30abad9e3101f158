-- What was written with the decision on an extension (17): granted, what the complainant is told, refused, why.
-- An encoded duban.common.v1.ContentRef; empty where nothing was.
alter table extension add column words bytea not null default '';
