/** Uploaded documents and their types. */
import type { Builder } from '../draft.ts';
import { sentence, someTags, title } from '../texts.ts';

const types = ['Invoice', 'Contract', 'Offer', 'Minutes', 'Other'];
const files = [
  ['application/pdf', 'pdf'],
  ['image/jpeg', 'jpg'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
  ['text/plain', 'txt'],
] as const;

const document: Builder = (draft) => {
  const { random, language } = draft;
  const [mimeType, extension] = random.pick(files);
  const key = `${random.digits(12)}-${random.digits(6)}.${extension}`;
  return {
    _id: draft.id,
    __v: draft.mongoose ? 0 : draft.some(0.5, () => 0),
    date_created: draft.some(0.95, () => draft.created),
    createdAt: draft.some(0.7, () => draft.created),
    last_updated: draft.some(0.9, () => draft.updated),
    updatedAt: draft.some(0.7, () => draft.updated),
    document_name: `${title(random, language)} (${random.between(1, 99)}).${extension}`,
    created_by_user: draft.staff(0.9),
    createdBy: draft.staff(0.7),
    description: draft.some(0.5, () => sentence(random, language)),
    document_type: draft.ref('Documents_Types', 0.85),
    favourite: draft.some(0.5, () => random.chance(0.1)),
    document_file_mimeType: mimeType,
    document_file_url: `https://files.example/uploads/${key}`,
    status: draft.some(0.3, () => random.pick(['new', 'approved', 'archived'])),
    visibility: draft.some(0.3, () => random.pick(['public', 'private'])),
    tags: draft.some(0.5, () =>
      random.chance(0.5) ? someTags(random, 4) : { labels: someTags(random, 2), color: '#ff8800', weight: 0.5 },
    ),
    key: draft.some(0.9, () => key),
    size: draft.some(0.8, () => random.between(900, 9_000_000)),
    assigned_user: draft.staff(0.6),
    connected_documents: random.chance(0.2) ? [String(draft.ref('Documents'))] : [],
    invoiceIDs: draft.links('invoiceIDs'),
    opportunityIDs: draft.links('opportunityIDs'),
    contactsIDs: draft.links('contactsIDs'),
    tasksIDs: draft.links('tasksIDs'),
    crm_accounts_tasksIDs: draft.links('crm_accounts_tasksIDs'),
    leadsIDs: draft.links('leadsIDs'),
    accountsIDs: draft.links('accountsIDs'),
    document_system_type: draft.some(0.8, () => random.pick(['INVOICE', 'RECEIPT', 'CONTRACT', 'OFFER', 'OTHER'])),
  };
};

const documentType: Builder = ({ id, index }) => ({ _id: id, __v: 0, name: types[index % types.length] });
const imageUpload: Builder = ({ id }) => ({ _id: id });

export const documents = { Documents: document, Documents_Types: documentType, ImageUpload: imageUpload };
