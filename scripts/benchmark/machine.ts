/** What was measured, and on what: a figure without it means nothing. */
import { execFile } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import { promisify } from 'node:util';
import packageFile from '../../package.json' with { type: 'json' };
import { query } from './database.ts';
import type { Machine } from './results.ts';

const run = promisify(execFile);

export function machine(): Machine {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
  };
}

export async function versions(serverUrl: string): Promise<Record<string, string>> {
  const [row] = await query<{ server_version: string }>(serverUrl, 'show server_version');
  const { dependencies } = packageFile;
  return {
    'Node.js': process.version,
    PostgreSQL: row?.server_version ?? 'unknown',
    'Prisma Client': dependencies['@prisma/client'],
    'postgres.js': dependencies.postgres,
    bson: dependencies.bson,
  };
}

/** The commit that was measured, and whether the program differed from it. */
export async function revision(): Promise<string> {
  try {
    const { stdout: commit } = await run('git', ['rev-parse', '--short=12', 'HEAD']);
    const { stdout: changes } = await run('git', [
      'status',
      '--porcelain',
      '--untracked-files=no',
      '--',
      'src',
      'prisma',
      'package-lock.json',
    ]);
    return `${commit.trim()}${changes.trim() === '' ? '' : ' with changes'}`;
  } catch {
    return 'unknown';
  }
}

/** Settings of the server that decide how fast it writes. */
export async function serverSettings(serverUrl: string): Promise<string> {
  const names = [
    'shared_buffers',
    'max_wal_size',
    'fsync',
    'full_page_writes',
    'synchronous_commit',
    'max_parallel_maintenance_workers',
  ];
  const rows = await query<{ name: string; setting: string }>(
    serverUrl,
    `select name, current_setting(name) as setting from pg_settings where name in (${names.map((name) => `'${name}'`).join(', ')}) order by name`,
  );
  return rows.map(({ name, setting }) => `${name} ${setting}`).join(', ');
}
