/** An application that nobody has: a library. What the engine takes for it is this value and its tables, and nothing of NextCRM. */
import { ObjectId } from 'bson';
import type { Catalog, CollectionSpec } from '../../../src/catalog/index.ts';
import type { Structure } from '../../../src/target/structure.ts';
import type { DumpContent } from '../../support/dump.ts';

const languages = ['CS', 'EN', 'LA'] as const;

const shelves = {
  collection: 'shelves',
  columns: {
    label: { kind: 'text', required: true, unique: true },
    floor: { kind: 'integer', required: true, whenMissing: { value: 0 } },
  },
  links: {},
} as const satisfies CollectionSpec;

const books = {
  collection: 'books',
  columns: {
    title: { kind: 'text', required: true },
    pages: { kind: 'bigint' },
    language: { kind: 'enum', labels: languages },
    printed: { kind: 'jsonb' },
    shelf: { kind: 'uuid', references: 'shelves' },
    sequels: { kind: 'uuid[]', names: 'books' },
    bought: { kind: 'timestamp', role: 'created', required: true, whenMissing: 'creation time' },
  },
  links: { borrowers: { junction: 'loans', side: 'left', partner: 'readers' } },
} as const satisfies CollectionSpec;

const readers = {
  collection: 'readers',
  columns: { card: { kind: 'text', required: true, unique: true }, adult: { kind: 'boolean' } },
  links: { borrowed: { junction: 'loans', side: 'right', partner: 'books' } },
} as const satisfies CollectionSpec;

export const tablesSql = `
  create type book_language as enum (${languages.map((label) => `'${label}'`).join(', ')});
  create table shelves (id uuid primary key, label text not null, floor integer not null);
  create unique index shelves_label on shelves (label);
  create table books (
    id uuid primary key, title text not null, pages bigint, language book_language, printed jsonb,
    shelf uuid constraint books_shelf references shelves (id), sequels uuid[], bought timestamp(3) not null);
  create index books_bought on books (bought);
  create table readers (id uuid primary key, card text not null, adult boolean);
  create unique index readers_card on readers (card);
  create table loans (
    book uuid not null constraint loans_book references books (id) on delete cascade,
    reader uuid not null constraint loans_reader references readers (id) on delete cascade,
    primary key (book, reader))`;

/** Without what the tables are: a server that has made them tells. */
export const library: Omit<Catalog, 'structure'> = {
  naming: { application: 'Library', recordTable: 'applied_scripts', functionPrefix: 'library_' },
  collections: [shelves, books, readers],
  junctions: [
    { table: 'loans', left: { column: 'book', collection: 'books' }, right: { column: 'reader', collection: 'readers' } },
  ],
  lookupTables: [],
  migrations: {
    ours: [{ name: 'tables', probe: "to_regclass('public.loans') is not null" }],
    appInitChecksum: '',
    forgottenByApp: null,
  },
  releases: { subjects: [], seeded: {} },
};

export const libraryWith = (structure: Structure): Catalog => ({ ...library, structure });

/** One place of the hexadecimal form is the collection, one the number. */
const oid = (kind: number, n: number) => new ObjectId(`65000000${`${kind}`.padStart(8, '0')}${`${n}`.padStart(8, '0')}`);
export const shelf = (n: number) => oid(1, n);
export const book = (n: number) => oid(2, n);
export const reader = (n: number) => oid(3, n);

/** The creation time inside each id, as the server writes it. */
export const created = '2023-09-12 06:06:56';

export const content: DumpContent = {
  shelves: [
    { _id: shelf(1), label: 'A', floor: 2 },
    { _id: shelf(2), label: 'B' },
    // Somebody made it twice: the older one stays, and takes its books.
    { _id: shelf(3), label: 'A', floor: 3 },
  ],
  books: [
    {
      _id: book(1),
      title: 'Ars Amatoria',
      pages: 120,
      language: 'LA',
      printed: { place: 'Praha', editions: [1890, 1902] },
      shelf: shelf(1),
      sequels: [book(2), book(3)],
      bought: new Date('2024-02-29T12:00:00.000Z'),
      borrowers: [reader(1)],
    },
    { _id: book(2), title: 'Remedia', pages: 60.75, language: 'la', shelf: shelf(3), sequels: [], colour: 'red', borrowers: [] },
    { _id: book(3), title: 'R.U.R.', language: 'CS', shelf: shelf(9), borrowers: [reader(2), reader(9)] },
    { _id: book(4), pages: 1 },
  ],
  readers: [
    { _id: reader(1), card: '0001', adult: true, borrowed: [book(1), book(2)] },
    { _id: reader(2), card: '0002', adult: 'yes', borrowed: [] },
    // Rejected for its card, and with it what it borrowed.
    { _id: reader(3), card: '0001', adult: false, borrowed: [book(3)] },
  ],
  wishes: [{ _id: 1, title: 'Metamorphoses' }],
};
