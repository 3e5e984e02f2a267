-- The twelve columns that the app's own Prisma schema declares as BigInt: numbers beyond 32 bits stand in real data.
ALTER TABLE "Boards"
    ALTER COLUMN "favouritePosition" TYPE BIGINT,
    ALTER COLUMN "position" TYPE BIGINT;
ALTER TABLE "Employees"
    ALTER COLUMN "salary" TYPE BIGINT;
ALTER TABLE "Sections"
    ALTER COLUMN "position" TYPE BIGINT;
ALTER TABLE "Tasks"
    ALTER COLUMN "position" TYPE BIGINT,
    ALTER COLUMN "likes" TYPE BIGINT;
ALTER TABLE "crm_Accounts_Tasks"
    ALTER COLUMN "likes" TYPE BIGINT;
ALTER TABLE "crm_Opportunities"
    ALTER COLUMN "budget" TYPE BIGINT,
    ALTER COLUMN "expected_revenue" TYPE BIGINT;
ALTER TABLE "crm_Opportunities_Sales_Stages"
    ALTER COLUMN "probability" TYPE BIGINT,
    ALTER COLUMN "order" TYPE BIGINT;
ALTER TABLE "crm_Opportunities_Type"
    ALTER COLUMN "order" TYPE BIGINT;
