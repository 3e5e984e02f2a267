/**
 * What is inside the image, written while it is built: the bill of materials that npm makes of the lock file, cut down to the
 * packages that are there, beside the bundle or in it, and their licence texts. Debian's own are in /usr/share/doc and /var/lib/dpkg.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Package {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly folder: string;
}

/** Every package of a folder like `node_modules`, those inside packages too. */
function packagesIn(folder: string): Package[] {
  return namesIn(folder).flatMap((name) => {
    const inside = join(folder, name);
    const manifest = read(join(inside, 'package.json'));
    const others = packagesIn(join(inside, 'node_modules'));
    if (manifest === null) return others;
    const { version, license } = JSON.parse(manifest) as { version: string; license?: string | { type: string } };
    const licence = typeof license === 'string' ? license : (license?.type ?? 'not declared');
    return [{ name, version, licence, folder: inside }, ...others];
  });
}

function namesIn(folder: string): string[] {
  return list(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => (name.startsWith('@') ? list(join(folder, name)).map((inner) => `${name}/${inner}`) : [name]))
    .filter((name) => statSync(join(folder, name)).isDirectory());
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function licenceTexts(packages: readonly Package[]): string {
  const parts = packages.map(({ name, version, licence, folder }) => {
    const texts = list(folder)
      .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file) && statSync(join(folder, file)).isFile())
      .map((file) => readFileSync(join(folder, file), 'utf8').trim());
    const text = texts.length > 0 ? texts.join('\n\n') : `The package comes without a text; its package.json says: ${licence}`;
    return `${'='.repeat(80)}\n${name} ${version} (${licence})\n\n${text}\n`;
  });
  return `The packages inside this image and their licences.\n\n${parts.join('\n')}`;
}

interface BillOfMaterials {
  readonly components: readonly { readonly 'bom-ref': string; readonly name: string; readonly version: string }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** The lock file names packages for development and for other systems too, and some were removed after their installation. */
function withoutAbsent(bill: BillOfMaterials, packages: readonly Package[]): BillOfMaterials {
  const inside = new Set(packages.map(({ name, version }) => `${name}@${version}`));
  const absent = new Set(
    bill.components.filter(({ name, version }) => !inside.has(`${name}@${version}`)).map((component) => component['bom-ref']),
  );
  return {
    ...bill,
    components: bill.components.filter((component) => !absent.has(component['bom-ref'])),
    dependencies: bill.dependencies
      .filter(({ ref }) => !absent.has(ref))
      .map((dependency) => ({ ...dependency, dependsOn: dependency.dependsOn.filter((ref) => !absent.has(ref)) })),
  };
}

const both = [...packagesIn('node_modules'), ...packagesIn('build/packages')];
const packages = [...Map.groupBy(both, ({ name, version }) => `${name} ${version}`).values()].flatMap(([one]) => one ?? []);
const bill = JSON.parse(readFileSync('sbom.cdx.json', 'utf8')) as BillOfMaterials;
writeFileSync('sbom.cdx.json', `${JSON.stringify(withoutAbsent(bill, packages), null, 2)}\n`);
writeFileSync('LICENCES.txt', licenceTexts(packages));
