-- Reads all rows, and keeps nobody waiting who reads or writes them.
alter table revocations validate constraint revocations_side;
--> statement-breakpoint
create trigger tokens_are_issued_beside_cut_offs after insert on tokens
  referencing new table as added for each statement execute function issue_beside_cut_offs();
