/** What tests look at in a manifest, and what holds for every pod that runs the migration. */
import * as assert from 'uvu/assert';

export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly stringData?: Readonly<Record<string, string>>;
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly resources: { readonly limits: { readonly memory: string } };
  readonly securityContext: {
    readonly allowPrivilegeEscalation: boolean;
    readonly readOnlyRootFilesystem: boolean;
    readonly capabilities: { readonly drop: readonly string[] };
  };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
}

export interface PodSpec {
  readonly restartPolicy: string;
  readonly automountServiceAccountToken: boolean;
  readonly enableServiceLinks: boolean;
  readonly securityContext: { readonly runAsNonRoot: boolean; readonly fsGroup: number };
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes: readonly { readonly name: string }[];
}

export interface Job extends Manifest {
  readonly spec: {
    readonly backoffLimit: number;
    readonly podFailurePolicy: {
      readonly rules: readonly {
        readonly action: string;
        readonly onExitCodes?: { readonly containerName: string; readonly operator: string; readonly values: readonly number[] };
      }[];
    };
    readonly template: { readonly spec: PodSpec };
  };
}

/** What the job does when its container ends with this code: the first rule that fits. */
export function reactionTo({ spec }: Job, code: number): string {
  const rule = spec.podFailurePolicy.rules.find(({ onExitCodes }) => onExitCodes?.values.includes(code));
  assert.is(rule?.onExitCodes?.operator, 'In');
  assert.ok(spec.template.spec.containers.some(({ name }) => name === rule?.onExitCodes?.containerName));
  return rule?.action ?? 'none';
}

export function assertHardened(pod: PodSpec): void {
  assert.equal([pod.automountServiceAccountToken, pod.enableServiceLinks], [false, false]);
  assert.equal([pod.securityContext.runAsNonRoot, pod.securityContext.fsGroup], [true, 1000]);
  for (const container of pod.containers) assertContainerHardened(container, pod);
}

/** The init container of the app's image gives the folder that NEXTCRM_PRISMA names, and that the migration mounts read-only. */
export function assertGivesPrisma(pod: Pick<PodSpec, 'initContainers' | 'containers' | 'volumes'>, image: string): void {
  const containers = [...(pod.initContainers ?? []), ...pod.containers];
  const from = containers.find(({ name }) => name === 'nextcrm-prisma');
  const to = containers.find(({ name }) => name === 'migrate');
  assert.ok(from !== undefined && to !== undefined && containers.indexOf(from) < containers.indexOf(to));
  assert.is(from.image, image);
  assertConfined(from, pod);
  const named = to.env?.find(({ name }) => name === 'NEXTCRM_PRISMA')?.value;
  assert.ok(named !== undefined && from.command?.at(-1)?.endsWith(` ${named}/`), 'copied to the folder that is named');
  const [given, mounted] = [from, to].map(({ volumeMounts }) => volumeMounts.find(({ mountPath }) => mountPath === named));
  assert.is(given?.name, mounted?.name);
  assert.equal([given?.readOnly, mounted?.readOnly], [undefined, true]);
}

export function assertContainerHardened(container: Container, pod: Pick<PodSpec, 'volumes'>): void {
  assertConfined(container, pod);
  assert.is(container.resources.limits.memory, '512Mi');
  const mounted = container.volumeMounts.map(({ mountPath }) => mountPath);
  for (const path of ['/data', '/tmp']) assert.ok(mounted.includes(path), `${path} is not mounted`);
}

function assertConfined({ securityContext, volumeMounts }: Container, { volumes }: Pick<PodSpec, 'volumes'>): void {
  assert.equal([securityContext.allowPrivilegeEscalation, securityContext.readOnlyRootFilesystem], [false, true]);
  assert.equal(securityContext.capabilities.drop, ['ALL']);
  const there = new Set(volumes.map(({ name }) => name));
  for (const { name } of volumeMounts) assert.ok(there.has(name), `no volume ${name}`);
}
