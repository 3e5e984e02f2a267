/** Documents that an older release kept in a collection of another name: each that has a row gets a record of it, once. */
import { recordFormerCollections } from '../../ledger/record.ts';
import type { Session } from '../../target/session.ts';

/** The map of ids must hold every row. */
export async function recordFormerNames(session: Session): Promise<void> {
  await session.script(recordFormerCollections());
}
