/** The name of the schema that holds the state of a migration, its ledger and the map of ids; schema.sql creates it. */
export const stateSchema = 'nextcrm_migration';
