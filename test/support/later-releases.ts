/**
 * Migrations as NextCRM's later releases have them after `0_init`, made up: of every kind that is known of the real ones, in their
 * order. None knows of our tables, indexes, functions or schemas.
 */

const lookup = (table: string, labels: readonly string[]) => `
  CREATE TABLE IF NOT EXISTS "${table}" ("id" UUID NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY, "name" TEXT NOT NULL UNIQUE);
  INSERT INTO "${table}" ("name") VALUES ${labels.map((label) => `('${label}')`).join(', ')} ON CONFLICT ("name") DO NOTHING;`;

const linked = (table: string, column: string, lookupTable: string, link: string) => `
  ALTER TABLE "${table}" ADD COLUMN "${link}" UUID REFERENCES "${lookupTable}" ("id");
  UPDATE "${table}" t SET "${link}" = l."id" FROM "${lookupTable}" l WHERE lower(l."name") = lower(t."${column}");
  DO $$ BEGIN
    ASSERT NOT EXISTS (SELECT FROM "${table}" WHERE "${column}" IS NOT NULL AND "${link}" IS NULL), 'values without a row';
  END $$;
  ALTER TABLE "${table}" DROP COLUMN "${column}";`;

/** Stops at values without a row in a lookup table. */
const lookupsFromTexts = `
  ${lookup('crm_Lead_Statuses', ['New', 'Contacted', 'Qualified', 'Lost'])} ${lookup('crm_Lead_Types', ['Demo'])}
  ${lookup('crm_Contact_Types', ['Customer', 'Partner', 'Vendor', 'Prospect'])}
  ALTER TABLE "crm_Leads" ADD COLUMN "lead_source_id" UUID REFERENCES "crm_Lead_Sources" ("id"), DROP COLUMN "lead_source";
  ${linked('crm_Leads', 'status', 'crm_Lead_Statuses', 'lead_status_id')}
  ${linked('crm_Leads', 'type', 'crm_Lead_Types', 'lead_type_id')}
  ${linked('crm_Contacts', 'type', 'crm_Contact_Types', 'contact_type_id')}`;

/** Stops at amounts of 10^16 and more. */
const amounts = `
  ALTER TABLE "crm_Opportunities" ALTER COLUMN "budget" DROP DEFAULT, ALTER COLUMN "expected_revenue" DROP DEFAULT,
    ALTER COLUMN "budget" TYPE DECIMAL(18,2), ALTER COLUMN "expected_revenue" TYPE DECIMAL(18,2),
    ALTER COLUMN "budget" SET DEFAULT 0, ALTER COLUMN "expected_revenue" SET DEFAULT 0;`;

/** Stops at numbers beyond 32 bits. */
const integersAgain = `
  ALTER TABLE "crm_Opportunities_Sales_Stages" ALTER COLUMN "probability" TYPE INTEGER, ALTER COLUMN "order" TYPE INTEGER;
  ALTER TABLE "crm_Opportunities_Type" ALTER COLUMN "order" TYPE INTEGER;`;

const keptCreator = (table: string) => `
  UPDATE "${table}" SET "createdBy" = "created_by" WHERE "createdBy" IS NULL;
  UPDATE "${table}" SET "createdBy" = NULL WHERE "createdBy" NOT IN (SELECT "id" FROM "Users");`;

const creators = `
  ${keptCreator('crm_Contacts')} ${keptCreator('crm_Opportunities')}
  ALTER TABLE "crm_Contacts" DROP CONSTRAINT "crm_Contacts_created_by_fkey", DROP COLUMN "created_by";
  ALTER TABLE "crm_Opportunities" DROP CONSTRAINT "crm_Opportunities_created_by_fkey", DROP COLUMN "created_by";`;

const renamedColumn = `ALTER TABLE "crm_Contacts" RENAME COLUMN "cratedAt" TO "createdAt";`;

const currencies = `
  UPDATE "crm_Opportunities" SET "currency" = left("currency", 3);
  UPDATE "crm_Opportunities" SET "currency" = NULL WHERE "currency" NOT IN ('EUR', 'USD', 'CZK');
  ALTER TABLE "crm_Opportunities" ALTER COLUMN "currency" TYPE VARCHAR(3);`;

const rolesAsText = `
  ALTER TABLE "Users" ADD COLUMN "role" TEXT NOT NULL DEFAULT 'manager';
  ALTER TABLE "Users" DROP COLUMN "is_admin", DROP COLUMN "is_account_admin";`;

const rolesAsEnum = `
  CREATE TYPE "Role" AS ENUM ('user', 'manager', 'admin');
  ALTER TABLE "Users" ALTER COLUMN "role" DROP DEFAULT,
    ALTER COLUMN "role" TYPE "Role" USING "role"::"Role",
    ALTER COLUMN "role" SET DEFAULT 'manager';`;

const invoicesAnew = `
  DROP TABLE "Invoices" CASCADE;
  CREATE TYPE "Invoice_Status" AS ENUM ('DRAFT', 'SENT', 'PAID');
  CREATE TABLE "Invoices" (
    "id" UUID NOT NULL, "number" TEXT NOT NULL, "status" "Invoice_Status" NOT NULL DEFAULT 'DRAFT',
    "account_id" UUID, "total" DECIMAL(18,2) NOT NULL, "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Invoices_pkey" PRIMARY KEY ("id"));
  CREATE INDEX "Invoices_status_idx" ON "Invoices"("status");
  ALTER TABLE "Invoices" ADD CONSTRAINT "Invoices_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "crm_Accounts"("id")
    ON DELETE SET NULL ON UPDATE CASCADE;`;

const dropped = `
  ALTER TABLE "openAi_keys" DROP CONSTRAINT "openAi_keys_user_fkey";
  DROP TABLE "openAi_keys";
  DROP TABLE "gpt_models";
  DROP TYPE "gptStatus";
  DROP TABLE "modulStatus";
  DROP TABLE "system_Modules_Enabled";`;

export const vector = `
  CREATE EXTENSION IF NOT EXISTS vector;
  CREATE TABLE "crm_Embeddings_Accounts" (
    "id" UUID NOT NULL, "account_id" UUID NOT NULL, "embedding" vector(1536) NOT NULL, "content_hash" TEXT NOT NULL,
    CONSTRAINT "crm_Embeddings_Accounts_pkey" PRIMARY KEY ("id"));
  CREATE UNIQUE INDEX "crm_Embeddings_Accounts_account_id_key" ON "crm_Embeddings_Accounts"("account_id");
  CREATE INDEX "crm_Embeddings_Accounts_embedding_idx" ON "crm_Embeddings_Accounts" USING hnsw ("embedding" vector_cosine_ops);
  ALTER TABLE "crm_Embeddings_Accounts" ADD CONSTRAINT "crm_Embeddings_Accounts_account_id_fkey" FOREIGN KEY ("account_id")
    REFERENCES "crm_Accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;`;

const labels = `ALTER TYPE "taskStatus" ADD VALUE 'ARCHIVED';`;

/** New columns, a new table, and indexes on columns that have an index of ours. */
const additions = `
  ALTER TABLE "crm_Accounts" ADD COLUMN "deletedAt" TIMESTAMP(3), ADD COLUMN "deletedBy" UUID;
  CREATE TABLE "crm_AuditLog" (
    "id" UUID NOT NULL, "entityId" UUID NOT NULL, "changes" JSONB, CONSTRAINT "crm_AuditLog_pkey" PRIMARY KEY ("id"));
  CREATE INDEX "crm_Accounts_updatedAt_idx" ON "crm_Accounts"("updatedAt");
  CREATE INDEX "crm_Opportunities_createdBy_idx" ON "crm_Opportunities"("createdBy");
  CREATE INDEX "crm_Accounts_name_idx" ON "crm_Accounts"("name");
  CREATE INDEX "Tasks_title_fts_idx" ON "Tasks" USING GIN (to_tsvector('simple', "title"));`;

const notNullAgain = 'ALTER TABLE "tasksComments" ALTER COLUMN "task" DROP NOT NULL;';

/** Columns that an index of ours reads, and the last that a table of documents has of them. */
const columnsUnderIndexes = `
  ALTER TABLE "crm_Contacts" DROP COLUMN "notes";
  ALTER TABLE "Documents" DROP COLUMN "last_updated";
  ALTER TABLE "TodoList" ALTER COLUMN "createdAt" DROP NOT NULL, ALTER COLUMN "createdAt" TYPE TIMESTAMP(3) USING NULL;`;

const renamed = `
  ALTER TABLE "Documents_Types" RENAME TO "DocumentTypes";
  ALTER TABLE "DocumentTypes" RENAME CONSTRAINT "Documents_Types_pkey" TO "DocumentTypes_pkey";
  ALTER INDEX "Tasks_priority_idx" RENAME TO "Tasks_priority_key_idx";`;

/** Recreated with CASCADE, as the app does once with a table that others refer to. */
const madeAnew = `
  DROP TABLE "ImageUpload" CASCADE;
  CREATE TABLE "ImageUpload" ("id" UUID NOT NULL, "name" TEXT NOT NULL, CONSTRAINT "ImageUpload_pkey" PRIMARY KEY ("id"));`;

/** Those that lose nothing but what the releases are known to move or drop. */
export const knownMigrations: Readonly<Record<string, string>> = {
  '20260301000000_lookups_from_texts': lookupsFromTexts,
  '20260302000000_amounts': amounts,
  '20260303000000_creators': creators,
  '20260304000000_currencies': currencies,
  '20260305000000_integers_again': integersAgain,
  '20260306000000_roles': rolesAsText,
  '20260307000000_roles_enum': rolesAsEnum,
  '20260308000000_invoices': invoicesAnew,
  '20260309000000_drop_unused': dropped,
  '20260310000000_vector': vector,
  '20260311000000_labels': labels,
  '20260312000000_additions': additions,
  '20260313000000_task_nullable': notNullAgain,
};

export const laterMigrations: Readonly<Record<string, string>> = {
  ...knownMigrations,
  '20260314000000_columns': columnsUnderIndexes,
  '20260315000000_rename': renamed,
  '20260316000000_images': madeAnew,
  '20260317000000_rename_column': renamedColumn,
};
