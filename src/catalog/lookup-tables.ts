/** Tables of a later release that the migration makes ahead of it, with the rows that keep values (prisma/migrations/6_lookup_tables). */
export const lookupTables = ['Currency', 'crm_Contact_Types', 'crm_Lead_Sources', 'crm_Lead_Statuses', 'crm_Lead_Types'] as const;
