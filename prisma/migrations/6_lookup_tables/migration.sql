-- The tables of a later release that keep values of ours: made before it, so that it finds the rows in them. Names and definitions are
-- the release's own; it makes them IF NOT EXISTS too.
CREATE TABLE IF NOT EXISTS "crm_Contact_Types" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "__v" INTEGER NOT NULL DEFAULT 0,
    "name" TEXT NOT NULL,

    CONSTRAINT "crm_Contact_Types_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "crm_Contact_Types_name_key" UNIQUE ("name")
);

CREATE TABLE IF NOT EXISTS "crm_Lead_Sources" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "__v" INTEGER NOT NULL DEFAULT 0,
    "name" TEXT NOT NULL,

    CONSTRAINT "crm_Lead_Sources_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "crm_Lead_Sources_name_key" UNIQUE ("name")
);

CREATE TABLE IF NOT EXISTS "crm_Lead_Statuses" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "__v" INTEGER NOT NULL DEFAULT 0,
    "name" TEXT NOT NULL,

    CONSTRAINT "crm_Lead_Statuses_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "crm_Lead_Statuses_name_key" UNIQUE ("name")
);

CREATE TABLE IF NOT EXISTS "crm_Lead_Types" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "__v" INTEGER NOT NULL DEFAULT 0,
    "name" TEXT NOT NULL,

    CONSTRAINT "crm_Lead_Types_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "crm_Lead_Types_name_key" UNIQUE ("name")
);

CREATE TABLE IF NOT EXISTS "Currency" (
    "code" VARCHAR(3) NOT NULL,
    "name" TEXT NOT NULL,
    "symbol" VARCHAR(5) NOT NULL,
    "isEnabled" BOOLEAN NOT NULL DEFAULT true,
    "isDefault" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Currency_pkey" PRIMARY KEY ("code")
);
