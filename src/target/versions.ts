/** The versions that the report shows. */
import type { Session } from './session.ts';

export interface TargetVersions {
  readonly postgres: string;
  /** Of the extension. */
  readonly vector: string;
}

/** Without a check or a write. */
export async function readVersions(session: Session, which: 'installed' | 'installed or available'): Promise<TargetVersions> {
  const [row] = await session.query<{ postgres: string; installed: string | null; available: string | null }>(
    `select current_setting('server_version') as postgres,
       (select extversion from pg_extension where extname = 'vector') as installed,
       (select default_version from pg_available_extensions where name = 'vector') as available`,
  );
  const vector = row?.installed ?? (which === 'installed' ? null : row?.available);
  return { postgres: row?.postgres ?? 'unknown', vector: vector ?? 'none' };
}
