-- Running clocks by the calendar that worked them out: a start with a calendar that did not change reads none of them (17).
create index clock_calendar on clock (calendar, organ, case_id, term) where stopped_at is null;
