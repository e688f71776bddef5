-- Reads all rows, and keeps nobody waiting who reads or writes them.
alter table revocations validate constraint revocations_reason;
--> statement-breakpoint
alter table revocations validate constraint revocations_by_program;
--> statement-breakpoint
alter table users validate constraint users_language;
--> statement-breakpoint
alter table users validate constraint users_time_zone_length;
