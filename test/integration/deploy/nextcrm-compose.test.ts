/** deploy/compose/nextcrm.yml beside the compose file of NextCRM's own release, as Docker Compose puts the two together. */
import { copyFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { appRelease, appReleaseMissing } from '../../support/app-release.ts';
import { temporaryFolder } from '../../support/dump.ts';
import { suite } from '../../support/suite.ts';

const test = suite("the migration in the app's own compose project");

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string };
  readonly pull_policy?: string;
  readonly environment: Readonly<Record<string, string | null>>;
  readonly depends_on: Readonly<Record<string, { readonly condition: string }>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly volumes: readonly {
    readonly type: string;
    readonly source: string;
    readonly target: string;
    readonly read_only?: boolean;
  }[];
  readonly extra_hosts?: readonly string[];
  readonly restart: string;
}

interface Project {
  readonly services: Readonly<Record<'app' | 'migrate' | 'postgres', Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

async function composeMissing(): Promise<string | null> {
  const { exitCode } = await execa('docker', ['compose', 'version'], { reject: false });
  return exitCode === 0 ? null : 'Docker Compose is not there';
}

const pair = test.unless(appReleaseMissing ?? (await composeMissing()));

async function configured(
  environment: Record<string, string>,
  look: (project: Project, checkout: string) => void,
): Promise<void> {
  await using checkout = await temporaryFolder();
  await copyFile(join(appRelease, 'docker-compose.yml'), join(checkout.path, 'docker-compose.yml'));
  await mkdir(join(checkout.path, 'prisma'));
  const files = ['docker-compose.yml', resolve('deploy/compose/nextcrm.yml')].flatMap((file) => ['-f', file]);
  const { stdout } = await execa('docker', ['compose', ...files, 'config', '--format', 'json'], {
    cwd: checkout.path,
    env: { PATH: process.env['PATH'] ?? '', HOME: checkout.path, ...environment },
    extendEnv: false,
  });
  look(JSON.parse(stdout) as Project, checkout.path);
}

pair('needs no setting, and runs between the database and the app', async () => {
  await configured({}, ({ services: { app, migrate, postgres } }, checkout) => {
    assert.equal(Object.keys(migrate.depends_on), ['postgres']);
    assert.is(migrate.depends_on['postgres']?.condition, 'service_healthy');
    assert.is(app.depends_on['migrate']?.condition, 'service_completed_successfully');
    assert.ok(
      ['postgres', 'minio', 'inngest'].every((name) => name in app.depends_on),
      'what the app waits for by itself',
    );
    assert.equal(Object.keys(migrate.networks), Object.keys(postgres.networks));
    assert.is(migrate.environment['DATABASE_URL'], app.environment['DATABASE_URL']);
    assert.is(migrate.restart, 'no');
    const mounted = migrate.volumes.find(({ target }) => target === migrate.environment['NEXTCRM_PRISMA']);
    assert.equal([mounted?.type, mounted?.source, mounted?.read_only], ['bind', join(checkout, 'prisma'), true]);
    assert.match(JSON.stringify(migrate.extra_hosts), /host\.docker\.internal/);
  });
});

pair('takes the database, user and password that the app’s file takes, and another image by its name', async () => {
  const database = { POSTGRES_USER: 'crm', POSTGRES_PASSWORD: 'secret', POSTGRES_DB: 'crm_db' };
  const settings = { MONGODB_URL: 'file:///dump', DUMP_DIR: './dump', NEXTCRM_MIGRATE_IMAGE: 'registry.example/migrate:1' };
  await configured({ ...database, ...settings }, ({ services: { app, migrate } }, checkout) => {
    assert.is(migrate.environment['DATABASE_URL'], 'postgresql://crm:secret@postgres:5432/crm_db');
    assert.is(migrate.environment['DATABASE_URL'], app.environment['DATABASE_URL']);
    assert.is(migrate.environment['MONGODB_URL'], 'file:///dump');
    assert.is(migrate.image, 'registry.example/migrate:1');
    assert.is(migrate.volumes.find(({ target }) => target === '/dump')?.source, join(checkout, 'dump'));
  });
});

pair('is built from the checkout beside that of the app where its image cannot be pulled', async () => {
  await configured({}, ({ services: { migrate } }, checkout) => {
    assert.is(migrate.pull_policy, undefined);
    assert.is(migrate.build?.context, join(checkout, '../nextcrm-migrate'));
  });
});

pair('passes on to the app what its own file does not, where it is set', async () => {
  const passed = { BETTER_AUTH_SECRET: 'a', EMAIL_ENCRYPTION_KEY: 'b', EMAIL_FROM: 'c' };
  await configured(passed, ({ services: { app } }) => {
    for (const [name, value] of Object.entries(passed)) assert.is(app.environment[name], value);
  });
  await configured({}, ({ services: { app } }) => {
    // Without a value, which is not the same as an empty one.
    for (const name of Object.keys(passed)) assert.is(app.environment[name] ?? null, null);
  });
});

pair('has volumes of its own, beside those of the app', async () => {
  await configured({}, ({ services, volumes }) => {
    assert.equal(Object.keys(volumes).sort(), ['migration_data', 'migration_no_dump', 'minio_data', 'postgres_data']);
    const { migrate, postgres } = services;
    for (const { source } of postgres.volumes) assert.not.ok(migrate.volumes.some((own) => own.source === source));
  });
});

test.run();
