create table half_made (x bigint);

insert into a_table_that_does_not_exist (x) values (1);
