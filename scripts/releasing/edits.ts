/** What a version changes in the checkout: its number, its date and the name of its image, wherever they stand. */

export interface Version {
  /** "1.2.3". */
  readonly version: string;
  /** "2026-01-31". */
  readonly date: string;
  /** Of the published image, without a tag: "ghcr.io/owner/nextcrm-migrate". */
  readonly image: string;
}

interface Edit {
  readonly path: string;
  readonly from: RegExp;
  readonly to: (version: Version, groups: readonly string[]) => string;
  /** A later version finds nothing left to change. */
  readonly once?: true;
}

const number = String.raw`\d+\.\d+\.\d+`;
/** With its registry or without. */
const imageName = String.raw`(?:[\w.-]+(?::\d+)?/)*nextcrm-migrate`;

const numberAfter = (path: string, before: string, after = ''): Edit => ({
  path,
  from: new RegExp(`^(${before})${number}(${after})`, 'm'),
  to: ({ version }, [start = '', end = '']) => `${start}${version}${end}`,
});

const tagAfter = (path: string): Edit => ({
  path,
  from: new RegExp(`^( +image: )${imageName}:${number}$`, 'm'),
  to: ({ image, version }, [start = '']) => `${start}${image}:${version}`,
});

const defaultImage = (path: string, variable: string): Edit => ({
  path,
  from: new RegExp(String.raw`^( +image: \$\{${variable}:-)${imageName}(?::${number})?\}$`, 'm'),
  to: ({ image, version }, [start = '']) => `${start}${image}:${version}}`,
});

const edits: readonly Edit[] = [
  numberAfter('package.json', '  "version": "', '"'),
  // Of the package itself, at the top and among the packages.
  numberAfter('package-lock.json', '  "version": "', '"'),
  numberAfter('package-lock.json', '      "version": "', '"'),
  numberAfter('Dockerfile', 'ARG VERSION='),
  numberAfter('deploy/helm/Chart.yaml', 'version: '),
  numberAfter('deploy/helm/Chart.yaml', 'appVersion: '),
  numberAfter('test/integration/deploy/app-chart/Chart.yaml', '    version: '),
  {
    path: 'deploy/helm/values.yaml',
    from: new RegExp(`^( {2}repository: )${imageName}$`, 'm'),
    to: ({ image }, [start = '']) => `${start}${image}`,
  },
  tagAfter('deploy/kubernetes/job.yaml'),
  tagAfter('deploy/kubernetes/reports.yaml'),
  defaultImage('docker-compose.migrate.yml', 'MIGRATE_IMAGE'),
  defaultImage('deploy/compose/nextcrm.yml', 'NEXTCRM_MIGRATE_IMAGE'),
  {
    path: 'deploy/compose/nextcrm.yml',
    from: /^ +# Not published yet: .*\n +pull_policy: never\n/m,
    to: () => '',
    once: true,
  },
  {
    path: 'CHANGELOG.md',
    from: /^## Unreleased\n/m,
    to: ({ version, date }) => `## Unreleased\n\n## ${version} (${date})\n`,
  },
];

export const editedFiles: readonly string[] = [...new Set(edits.map(({ path }) => path))];

/** The files as the version has them. An edit that finds no place to change is an error: a file has moved on without it. */
export function edited(files: ReadonlyMap<string, string>, version: Version): ReadonlyMap<string, string> {
  const result = new Map(files);
  for (const { path, from, to, once } of edits) {
    const text = result.get(path) ?? '';
    const found = from.exec(text);
    if (found === null && once) continue;
    if (found === null) throw new Error(`${path}: nothing matches ${from}`);
    const [whole, ...groups] = found;
    result.set(path, text.slice(0, found.index) + to(version, groups) + text.slice(found.index + whole.length));
  }
  return result;
}
