/** Step "hand over": NextCRM's own migrations go on from `0_init`. */
import { handOver as handOverHistory } from '../prisma/history.ts';
import type { Session } from '../target/session.ts';

export async function handOver(session: Session): Promise<void> {
  await handOverHistory((text) => session.query(text));
}
