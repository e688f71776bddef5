ALTER TABLE "pauses" ADD COLUMN "report_id" uuid;
