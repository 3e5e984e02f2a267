-- A comment may belong to an account's task instead. The app does the same later.
ALTER TABLE "tasksComments" ALTER COLUMN "task" DROP NOT NULL;
