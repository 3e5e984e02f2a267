/** Texts of many different words. */
import { ObjectId } from 'bson';
import { writeDump } from '../../support/dump.ts';

const words = Array.from({ length: 300_000 }, (_, n) => n.toString(36)).join(' ');
const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const when = new Date(0);

export async function make(folder: string): Promise<void> {
  await writeDump(folder, {
    crm_Accounts: [{ _id: id(1), __v: 0, createdAt: when, name: words }],
    crm_Contacts: [
      { _id: id(2), __v: 0, status: true, first_name: words, last_name: words, notes: [words, words, '𝒂 '.repeat(500_000)] },
    ],
    crm_Opportunities: [{ _id: id(3), __v: 0, createdAt: when, budget: 1, expected_revenue: 1, name: words, description: words }],
    Tasks: [{ _id: id(4), __v: 0, position: 0, priority: 'high', title: words, content: words }],
    Documents: [
      {
        _id: id(5),
        document_file_mimeType: 'm',
        document_file_url: 'u',
        document_name: words,
        description: 'x'.repeat(5_000_000),
      },
    ],
  });
}
