/** One document of the type INVOICE, a label that the release no longer knows, makes its pages throw; and none was ever summarized. */
import { stateSchema } from '../../schema-name.ts';
import { change, hasColumn, modified, setting } from '../sql.ts';
import type { Subject } from '../subject.ts';

const ours = `exists (select from ${stateSchema}.id_map m where m.id = t.id and m.collection in ('Documents', 'Invoices'))`;
const type = `case when t.document_system_type::text = 'INVOICE' then 'OTHER' else t.document_system_type::text end`;

export const documents: Subject = {
  name: 'documents',
  places: [{ table: 'Documents', columns: ['document_system_type'] }],
  invariants: [{ table: 'Documents', column: 'document_system_type', before: type, after: type }],
  overwrites: [{ table: 'Documents', column: 'document_system_type', isAsRestored: `t.document_system_type::text = 'OTHER'` }],
  applied: hasColumn('Documents', 'processing_status'),
  restore: [
    change(
      setting({
        table: 'Documents',
        column: 'document_system_type',
        value: `'OTHER'`,
        isConstant: true,
        where: `t.document_system_type::text = 'INVOICE'`,
      }),
    ),
    change(
      setting({
        table: 'Documents',
        column: 'processing_status',
        value: `'READY'`,
        isConstant: true,
        where: `t.processing_status::text = 'PENDING' and ${ours}`,
      }),
    ),
  ],
  proofs: [
    {
      table: 'Documents',
      column: 'document_system_type',
      wrong: `select t.id::text as row_id, false as modified from public."Documents" t where t.document_system_type::text = 'INVOICE'`,
      compared: 'select count(*) as n from public."Documents"',
    },
    {
      table: 'Documents',
      column: 'processing_status',
      wrong: `select t.id::text as row_id, ${modified('t', 'updatedAt')} as modified
        from public."Documents" t join ${stateSchema}.id_map m on m.collection = 'Documents' and m.id = t.id
        where t.processing_status::text = 'PENDING'`,
      compared: `select count(*) as n from ${stateSchema}.id_map where collection = 'Documents'`,
    },
  ],
};
