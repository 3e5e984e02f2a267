/** A throw-away project of the shipped compose file, with a `.env` of its own. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker, dockerAnswers, type Ended } from '../../../scripts/lib/docker.ts';

const limitMs = 300_000;

export interface ComposeProject extends AsyncDisposable {
  /** Runs `docker compose …args` in this project. */
  compose(...args: readonly string[]): Promise<Ended>;
  /** The text of a file on the volume. */
  onVolume(file: string): Promise<string>;
}

/** `settings`: the lines of the `.env`. */
export async function composeProject(settings: readonly string[]): Promise<ComposeProject> {
  const folder = await mkdtemp(join(tmpdir(), 'nextcrm-test-'));
  const envFile = join(folder, '.env');
  await writeFile(envFile, settings.map((line) => `${line}\n`).join(''));
  const name = `nextcrm-test-${randomBytes(4).toString('hex')}`;
  const options = ['--project-name', name, '--file', 'docker-compose.migrate.yml', '--env-file', envFile, '--ansi', 'never'];
  const compose = (...args: readonly string[]) => docker(['compose', ...options, ...args], limitMs);
  return {
    compose,
    onVolume: async (file) => {
      const { code, output } = await docker(
        ['run', '--rm', '--volume', `${name}_data:/data:ro`, '--entrypoint', 'cat', 'nextcrm-migrate', `/data/${file}`],
        limitMs,
      );
      if (code !== 0) throw new Error(output);
      return output;
    },
    [Symbol.asyncDispose]: async () => {
      await compose('down', '--volumes', '--remove-orphans', '--timeout', '5');
      await rm(folder, { recursive: true });
    },
  };
}

/** Null when the image's tests can run here, else why not. */
export async function whyNoCompose(): Promise<string | null> {
  if (!(await dockerAnswers())) return 'no Docker engine answers';
  return (await docker(['compose', 'version'], 10_000)).code === 0 ? null : 'Docker has no compose plugin';
}
