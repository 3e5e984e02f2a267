/** A throw-away project of the shipped compose file, with a `.env` of its own. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker, type Ended } from '../../../scripts/lib/docker.ts';
import type { Report } from '../../../src/report/model.ts';
import { image } from './image.ts';

const limitMs = process.env['TEST_LONG'] ? 1_500_000 : 300_000;

/** As the README gives it: the exit code is that of the migration. */
export const up = ['up', '--abort-on-container-exit', '--exit-code-from', 'migrate'] as const;

export interface ComposeProject extends AsyncDisposable {
  readonly name: string;
  /** A temporary folder that a container may read. */
  readonly folder: string;
  /** Runs `docker compose …args` in this project. */
  compose(...args: readonly string[]): Promise<Ended>;
  /** The command line of `docker` for the same. */
  commandOf(...args: readonly string[]): readonly string[];
  /** The lines of the `.env` from now on. */
  configure(settings: readonly string[]): Promise<void>;
  /** The id of the service's container, running or not. */
  container(service: string): Promise<string>;
  /** The text of a file on the volume. */
  onVolume(file: string): Promise<string>;
  report(): Promise<Report>;
}

export interface ComposeOptions {
  /** Compose files of the checkout. */
  readonly files?: readonly string[];
}

/** `settings`: the lines of the `.env`. */
export async function composeProject(
  settings: readonly string[],
  { files = ['docker-compose.migrate.yml'] }: ComposeOptions = {},
): Promise<ComposeProject> {
  const folder = await mkdtemp(join(tmpdir(), 'nextcrm-test-'));
  await mkdir(join(folder, 'files'), { mode: 0o755 });
  const envFile = join(folder, '.env');
  const name = `nextcrm-test-${randomBytes(4).toString('hex')}`;
  const options = [
    '--project-name',
    name,
    ...files.flatMap((file) => ['--file', file]),
    '--env-file',
    envFile,
    '--ansi',
    'never',
  ];
  const commandOf = (...args: readonly string[]) => ['compose', ...options, ...args];
  const compose = (...args: readonly string[]) => docker(commandOf(...args), limitMs);
  const configure = (lines: readonly string[]) =>
    writeFile(envFile, [`MIGRATE_IMAGE=${image}`, ...lines].map((line) => `${line}\n`).join(''));
  await configure(settings);
  return {
    name,
    folder: join(folder, 'files'),
    compose,
    commandOf,
    configure,
    container: async (service) => (await compose('ps', '--all', '--quiet', service)).output.trim(),
    onVolume: (file) => onVolume(name, file),
    report: async () => JSON.parse(await onVolume(name, 'report.json')) as Report,
    [Symbol.asyncDispose]: async () => {
      await compose('down', '--volumes', '--remove-orphans', '--timeout', '5');
      await rm(folder, { recursive: true });
    },
  };
}

async function onVolume(project: string, file: string): Promise<string> {
  const cat = ['--entrypoint', 'cat', image, `/data/${file}`];
  const { code, output } = await docker(['run', '--rm', '--volume', `${project}_data:/data:ro`, ...cat], limitMs);
  if (code !== 0) throw new Error(output);
  return output;
}
