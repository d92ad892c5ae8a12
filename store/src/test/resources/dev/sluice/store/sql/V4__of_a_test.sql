-- A second migration: two statements, a comment; a semicolon in a text.
create table of_a_test (
    x text not null
);

insert into of_a_test (x) values ('a;b');
