/** The tools that judge what a cluster gets: helm, built from its Go module, and Kubernetes' schemas, from a Python package. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

const cache = resolve('.cache');
const helmVersion = '3.22.0';
const schemasVersion = '1.37.0';

/** Shorter than what a file of tests may take. What is compiled by then is kept for the next time. */
const buildMsMax = 480_000;

export interface Ended {
  readonly code: number;
  readonly output: string;
}

export interface Tool {
  /** Why there is none; null where it can be called. */
  readonly missing: string | null;
  call(...args: readonly string[]): Promise<Ended>;
}

/** Of the cache; else built into it, which takes some minutes once, and leaves the processors to the other tests. */
export async function helm(): Promise<Tool> {
  const folder = join(cache, `helm-${helmVersion}`);
  const program = join(folder, 'helm');
  if (existsSync(program)) return tool(program);
  if (!(await answers('go', 'version'))) return noTool('helm is built from its Go module, and there is no Go here');
  const module = `helm.sh/helm/v3/cmd/helm@v${helmVersion}`;
  const environment = { ...process.env, GOBIN: folder, GOFLAGS: '-trimpath', CGO_ENABLED: '0' };
  const limits = { env: environment, maxBuffer: 1 << 26, timeout: buildMsMax };
  return await execute('nice', ['-n', '19', 'go', 'install', module], limits).then(
    () => tool(program),
    () => noTool(`helm could not be built from its Go module within ${buildMsMax / 60_000} minutes`),
  );
}

/** The program kubernetes-validate, which carries the schemas of every version. */
export async function kubernetesSchemas(): Promise<Tool> {
  const folder = join(cache, `kubernetes-validate-${schemasVersion}`);
  const start =
    'import sys; sys.path.insert(0, sys.argv.pop(1)); from kubernetes_validate.__main__ import main; sys.exit(main())';
  const schemas = tool('python3', ['-I', '-c', start, folder]);
  if (existsSync(folder)) return schemas;
  if (!(await answers('python3', '-m', 'pip', '--version')))
    return noTool("Kubernetes' schemas come from a Python package, and there is no Python with pip here");
  await mkdir(cache, { recursive: true });
  const making = await mkdtemp(`${folder}.`);
  const installed = await answers(
    'python3',
    '-m',
    'pip',
    'install',
    '--quiet',
    '--target',
    making,
    `kubernetes-validate==${schemasVersion}`,
  );
  if (!installed) return noTool("Kubernetes' schemas could not be installed: no package index answers");
  // Another file of tests may have been faster.
  await rename(making, folder).catch(() => rm(making, { recursive: true }));
  return schemas;
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
