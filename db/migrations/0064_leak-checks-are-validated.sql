-- Reads all rows, and keeps nobody waiting who reads or writes them.
alter table revocations validate constraint revocations_side;
--> statement-breakpoint
alter table revocations validate constraint revocations_by_program;
--> statement-breakpoint
alter table stores validate constraint stores_leak_answer;
