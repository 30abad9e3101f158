-- A repeat is looked for by the hash, across organs (21); what a case has is read by the case.
alter table blind_index
    drop constraint blind_index_pk,
    add constraint blind_index_pk primary key using index blind_index_of_case;
