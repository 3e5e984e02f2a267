/** What the app's own `0_init` makes, and what our listed changes make of it: written down here independently of the migrations. */
import { readFile } from 'node:fs/promises';
import type { Structure, TableStructure } from '../../src/target/structure.ts';

interface GivenTable {
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly notNull?: boolean;
    readonly default?: string;
  }[];
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly { readonly name: string; readonly definition: string }[];
  readonly indexes: readonly { readonly name: string; readonly unique: boolean; readonly columns: readonly string[] }[];
}

interface Given {
  readonly enums: Readonly<Record<string, readonly string[]>>;
  readonly tables: Readonly<Record<string, GivenTable>>;
}

const fixtures = new URL('../fixtures/catalog/', import.meta.url);

export async function fixture<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(new URL(`${name}.json`, fixtures), 'utf8'));
}

/** Tables, columns, keys and enums alone, without quotation marks: the server knows best which names need them. */
export type Comparable = Pick<Structure, 'enums' | 'tables'>;

export async function givenCatalog(): Promise<Comparable> {
  const { enums, tables } = await fixture<Given>('target');
  return unquoted({
    enums,
    tables: Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, tableOf(name, table)])),
  });
}

export function unquoted<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replaceAll('\\"', ''));
}

function tableOf(table: string, { columns, primaryKey, foreignKeys, indexes }: GivenTable): TableStructure {
  return {
    columns: columns.map((column) => ({
      name: column.name,
      type: column.type,
      notNull: column.notNull ?? false,
      default: column.default ?? null,
    })),
    primaryKey: { name: `${table}_pkey`, definition: `PRIMARY KEY (${primaryKey.join(', ')})` },
    foreignKeys: byName(foreignKeys),
    indexes: byName(indexes.map((index) => btree(table, index.name, index.columns, index.unique))),
    others: [],
  };
}

function btree(table: string, name: string, columns: readonly string[], unique = false) {
  const kind = unique ? 'UNIQUE INDEX' : 'INDEX';
  return { name, definition: `CREATE ${kind} ${name} ON public.${table} USING btree (${columns.join(', ')})`, valid: true };
}

function byName<T extends { readonly name: string }>(items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

const bigintColumns: Readonly<Record<string, readonly string[]>> = {
  crm_Opportunities: ['budget', 'expected_revenue'],
  crm_Opportunities_Sales_Stages: ['probability', 'order'],
  crm_Opportunities_Type: ['order'],
  Boards: ['favouritePosition', 'position'],
  Employees: ['salary'],
  Sections: ['position'],
  Tasks: ['position', 'likes'],
  crm_Accounts_Tasks: ['likes'],
};

const filterColumns: Readonly<Record<string, readonly string[]>> = {
  Boards: ['updatedAt'],
  Documents: ['updatedAt', 'date_created', 'last_updated'],
  Employees: ['status'],
  Invoices: ['last_updated', 'visibility'],
  Tasks: ['updatedAt'],
  TodoList: ['createdAt', 'user'],
  crm_Accounts: ['updatedAt'],
  crm_Accounts_Tasks: ['updatedAt'],
  crm_Contacts: ['updatedAt', 'created_on'],
  crm_Contracts: ['updatedAt', 'type'],
  crm_Leads: ['updatedAt'],
  crm_Opportunities: ['updatedAt', 'created_on', 'createdBy', 'updatedBy'],
  crm_campaigns: ['status'],
  gpt_models: ['status', 'created_on'],
  tasksComments: ['createdAt'],
};

const fullTexts: Readonly<Record<string, string>> = {
  crm_Accounts: 'ARRAY[name]',
  crm_Contacts: '(ARRAY[first_name, last_name] || notes)',
  crm_Opportunities: 'ARRAY[name, description]',
  Tasks: 'ARRAY[title, content]',
  Documents: 'ARRAY[document_name, description]',
};

export async function finalCatalog(): Promise<Comparable> {
  const { enums, tables } = await givenCatalog();
  const ours = Object.entries(tables).map(([name, table]): [string, TableStructure] => [name, changed(name, table)]);
  return { enums, tables: Object.fromEntries([...ours, ...Object.entries(lookupTables)].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

const lookupTable = (table: string): TableStructure => ({
  columns: [
    { name: 'id', type: 'uuid', notNull: true, default: 'gen_random_uuid()' },
    { name: '__v', type: 'integer', notNull: true, default: '0' },
    { name: 'name', type: 'text', notNull: true, default: null },
  ],
  primaryKey: { name: `${table}_pkey`, definition: 'PRIMARY KEY (id)' },
  foreignKeys: [],
  indexes: [btree(table, `${table}_name_key`, ['name'], true)],
  others: [{ name: `${table}_name_key`, definition: 'UNIQUE (name)' }],
});

/** As the later release makes them. */
const lookupTables: Readonly<Record<string, TableStructure>> = {
  Currency: {
    columns: [
      { name: 'code', type: 'character varying(3)', notNull: true, default: null },
      { name: 'name', type: 'text', notNull: true, default: null },
      { name: 'symbol', type: 'character varying(5)', notNull: true, default: null },
      { name: 'isEnabled', type: 'boolean', notNull: true, default: 'true' },
      { name: 'isDefault', type: 'boolean', notNull: true, default: 'false' },
      { name: 'createdAt', type: 'timestamp(3) without time zone', notNull: true, default: 'CURRENT_TIMESTAMP' },
      { name: 'updatedAt', type: 'timestamp(3) without time zone', notNull: true, default: null },
    ],
    primaryKey: { name: 'Currency_pkey', definition: 'PRIMARY KEY (code)' },
    foreignKeys: [],
    indexes: [],
    others: [],
  },
  crm_Contact_Types: lookupTable('crm_Contact_Types'),
  crm_Lead_Sources: lookupTable('crm_Lead_Sources'),
  crm_Lead_Statuses: lookupTable('crm_Lead_Statuses'),
  crm_Lead_Types: lookupTable('crm_Lead_Types'),
};

function changed(name: string, table: TableStructure): TableStructure {
  const columns = table.columns.map((column) => ({
    ...column,
    type: bigintColumns[name]?.includes(column.name) ? 'bigint' : column.type,
    notNull: column.notNull && !(name === 'tasksComments' && column.name === 'task'),
  }));
  const filters = (filterColumns[name] ?? []).map((column) => btree(name, `nextcrm_${name}_${column}`, [column]));
  const text = fullTexts[name];
  const index = `to_tsvector('simple'::regconfig, nextcrm_search_text(${text}))`;
  const fullText =
    text === undefined
      ? []
      : [{ name: `fts_${name}`, definition: `CREATE INDEX fts_${name} ON public.${name} USING gin (${index})`, valid: true }];
  return { ...table, columns, indexes: byName([...table.indexes, ...filters, ...fullText]) };
}
