/** Is this server able, and this database free, to take a migration? All is asked before the first write, and told at once. */
import { exitCodes, Failure } from '../../failure.ts';
import type { Session } from '../session.ts';
import { encoding, languages, ownership, rights, schemaPublic, tablespace } from './database.ts';
import { eventTriggers } from './event-triggers.ts';
import { leftovers, stateSchemaFree } from './leftovers.ts';
import type { Own, Requirement, Unmet } from './requirement.ts';
import { connections, standby, version, writable } from './server.ts';
import { vector } from './vector.ts';

/** `isNew`: no migration has begun here, so that everything of its names is in the way. @throws Failure */
export async function preflight(session: Session, own: Own, isNew: boolean): Promise<void> {
  // The others ask what an older server does not know, or try what a server that is read-only does not do.
  await askAll(session, own, [version, writable]);
  await askAll(session, own, [
    encoding,
    schemaPublic,
    rights,
    tablespace,
    languages,
    ...(own.extensions.includes('vector') ? [vector] : []),
    eventTriggers,
    // Before the objects that are left: what belongs to another user may not be read.
    ownership,
    ...(isNew ? [connections, standby, stateSchemaFree, leftovers] : []),
  ]);
}

async function askAll(session: Session, own: Own, requirements: readonly Requirement[]): Promise<void> {
  const unmet: Unmet[] = [];
  for (const requirement of requirements) {
    try {
      unmet.push(...(await requirement(session, own)));
    } catch (error) {
      // Without a privilege that is asked for above, not everything can be asked.
      if (!(error instanceof Failure) || error.code !== 'TARGET_NO_RIGHT' || unmet.length === 0) throw error;
    }
  }
  const [first, ...others] = unmet;
  if (first === undefined) return;
  if (others.length === 0) throw new Failure({ ...first, exit: exitCodes.target });
  const list = unmet.map(({ code, what, next }, index) => `${index + 1}. ${what} (${code})\n   ${next}`);
  throw new Failure({
    code: 'TARGET_NOT_READY',
    exit: exitCodes.target,
    what: `The target ${session.description} does not meet ${unmet.length} requirements. Nothing was changed.\n${list.join('\n')}`,
    next: 'Fix all of them, then start again.',
  });
}
