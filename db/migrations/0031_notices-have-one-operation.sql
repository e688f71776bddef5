alter table notices add constraint notices_of_operation unique using index notices_of_operation;
