-- Reads all rows, and keeps nobody waiting who reads or writes them.
alter table cut_offs validate constraint cut_offs_by_somebody;
--> statement-breakpoint
alter table revocations validate constraint revocations_by_program;