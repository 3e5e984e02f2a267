/** What a version changes in the checkout: its number, its date, the names of its image and its repository, wherever they stand. */
import { basename, dirname } from 'node:path/posix';

export interface Version {
  /** "1.2.3". */
  readonly version: string;
  /** "2026-01-31". */
  readonly date: string;
  /** Of the published image, without a tag: "ghcr.io/owner/nextcrm-migrate". */
  readonly image: string;
  /** On GitHub, "Owner/name"; null where it is elsewhere. */
  readonly repository: string | null;
}

interface Edit {
  readonly path: string;
  /** The first place, or with the flag g each. */
  readonly from: RegExp;
  /** Null leaves the place as it is. */
  readonly to: (version: Version, groups: readonly string[]) => string | null;
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
  // OWNER and VERSION before the first version. `registry.example` is somebody's own.
  {
    path: 'docs/operator.md',
    from: new RegExp(
      String.raw`(?<=oci://|[\s=\`])(?!registry\.example/)(?:[\w.-]+(?::\d+)?/)+nextcrm-migrate(:(?:VERSION|${number})|@sha256:)`,
      'g',
    ),
    to: ({ image, version }, [end = '']) => `${image}${end.startsWith('@') ? end : `:${version}`}`,
  },
  {
    path: 'docs/operator.md',
    from: /(oci:\/\/)\S+(?=\/charts\/nextcrm-migrate)/g,
    to: ({ image }, [start = '']) => `${start}${dirname(image)}`,
  },
  {
    path: 'docs/operator.md',
    from: /(--repo )[\w.-]+\/[\w.-]+/g,
    to: ({ repository }, [start = '']) => repository && `${start}${repository}`,
  },
  {
    path: 'docs/operator.md',
    from: /(\^https:\/\/github\\\.com\/)\S+(?=\/\\\.github\/workflows\/)/g,
    to: ({ repository }, [start = '']) => repository && `${start}${repository.replaceAll('.', '\\.')}`,
  },
  {
    // Into the folder that the guide goes on with.
    path: 'docs/operator.md',
    from: /(git clone https:\/\/github\.com\/)(?!pdovhomilja\/nextcrm-app\.git)[\w.-]+\/[\w.-]+\.git(?: nextcrm-migrate)?/g,
    to: ({ repository }, [start = '']) =>
      repository && `${start}${repository}.git${basename(repository) === 'nextcrm-migrate' ? '' : ' nextcrm-migrate'}`,
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
  for (const { path, from, to } of edits) {
    let found = false;
    const replaced = (result.get(path) ?? '').replace(from, (whole: string, ...groups: readonly unknown[]) => {
      found = true;
      // Behind the groups there are the place and the whole text.
      return to(version, groups.slice(0, -2).map(String)) ?? whole;
    });
    if (!found) throw new Error(`${path}: nothing matches ${from}`);
    result.set(path, replaced);
  }
  return result;
}
