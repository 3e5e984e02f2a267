/** The ten many-to-many relations, as pairs that each side can compute for itself. */
import { hashOfName, hashOfNumbers } from './random.ts';

interface Relation {
  readonly left: { readonly collection: string; readonly array: string };
  /** Without an array the right side knows nothing of the pair. */
  readonly right: { readonly collection: string; readonly array?: string };
  /** Pairs for each document of the left side, half of which come to exist. */
  readonly pairsPerLeft: number;
}

const toDocuments = (array: string, collection: string, back: string | undefined, pairsPerLeft: number): Relation => ({
  left: { collection: 'Documents', array },
  right: back === undefined ? { collection } : { collection, array: back },
  pairsPerLeft,
});

const relations: readonly Relation[] = [
  toDocuments('invoiceIDs', 'Invoices', 'connected_documents', 1),
  toDocuments('opportunityIDs', 'crm_Opportunities', 'connected_documents', 2),
  toDocuments('contactsIDs', 'crm_Contacts', 'documentsIDs', 1.5),
  toDocuments('tasksIDs', 'Tasks', 'documentIDs', 0.8),
  toDocuments('crm_accounts_tasksIDs', 'crm_Accounts_Tasks', undefined, 0.5),
  toDocuments('leadsIDs', 'crm_Leads', 'documentsIDs', 0.5),
  toDocuments('accountsIDs', 'crm_Accounts', 'documentsIDs', 2),
  {
    left: { collection: 'crm_Accounts', array: 'watchers' },
    right: { collection: 'Users', array: 'watching_accountsIDs' },
    pairsPerLeft: 3,
  },
  {
    left: { collection: 'Boards', array: 'watchers' },
    right: { collection: 'Users', array: 'watching_boardsIDs' },
    pairsPerLeft: 7,
  },
  {
    left: { collection: 'crm_Contacts', array: 'opportunitiesIDs' },
    right: { collection: 'crm_Opportunities', array: 'connected_contacts' },
    pairsPerLeft: 2.5,
  },
];

export interface LinkSide {
  readonly partner: string;
  /** The partner's indexes that document `index` names in its array. */
  partners(index: number): number[];
}

/** The side that fills `array` of `collection`, for databases of these sizes. */
export function linkSide(seed: number, counts: ReadonlyMap<string, number>, collection: string, array: string): LinkSide {
  for (const relation of relations) {
    const { left, right } = relation;
    const isLeft = left.collection === collection && left.array === array;
    if (!isLeft && (right.collection !== collection || right.array !== array)) continue;
    const [own, other] = isLeft ? [left, right] : [right, left];
    const ownCount = counts.get(own.collection) ?? 0;
    const otherCount = counts.get(other.collection) ?? 0;
    const pairs = otherCount === 0 ? 0 : pairCount(relation, counts);
    const relationSeed = seed ^ hashOfName(left.collection + left.array);
    const skipped = isLeft ? 'right' : 'left';
    return {
      partner: other.collection,
      partners(index) {
        const found: number[] = [];
        // Pair number p joins left p mod L with right p mod R: both sides count in steps of their own size.
        for (let pair = index; pair < pairs; pair += ownCount) {
          const written = writtenBy(relationSeed, pair, right.array !== undefined);
          if (written !== 'nobody' && written !== skipped) found.push(pair % otherCount);
        }
        return found;
      },
    };
  }
  throw new RangeError(`${collection}.${array} is no link`);
}

/** Bounds the arrays of a small side, whatever the size of the other. */
const pairsPerDocumentMax = 40;

function pairCount({ left, right, pairsPerLeft }: Relation, counts: ReadonlyMap<string, number>): number {
  const lefts = counts.get(left.collection) ?? 0;
  const rights = counts.get(right.collection) ?? 0;
  return Math.min(Math.ceil(lefts * pairsPerLeft), rights * pairsPerDocumentMax, lefts * rights);
}

/** Who holds the pair: real databases have links written from one side only. */
function writtenBy(seed: number, pair: number, hasRightArray: boolean): 'left' | 'right' | 'both' | 'nobody' {
  const roll = hashOfNumbers(seed, pair) % 100;
  if (roll < 45) return 'nobody';
  if (!hasRightArray || roll < 65) return 'left';
  return roll < 80 ? 'right' : 'both';
}
