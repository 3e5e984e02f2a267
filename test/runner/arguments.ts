/** What a call of scripts/test asks for. */
const groups = ['unit', 'integration', 'system', 'image'] as const;
export type Group = (typeof groups)[number];

export interface Wanted {
  readonly groups: readonly Group[];
  /** The call names a group or files. */
  readonly named: boolean;
  /** A part of the path of the test files to run; empty: all. */
  readonly filter: string;
  /** Lint, types, dependency rules and dead code too. */
  readonly checks: boolean;
  /** Tests that take minutes run at full size. */
  readonly long: boolean;
}

export function readArguments(args: readonly string[]): Wanted {
  const long = args.includes('--long');
  const [word, ...more] = args.filter((arg) => arg !== '--long');
  if (more.length > 0 || word?.startsWith('-')) {
    console.error('usage: scripts/test [unit | integration | system | image | FILTER] [--long]');
    process.exit(2);
  }
  if (word === undefined) return { groups, named: false, filter: '', checks: true, long };
  const group = groups.find((name) => name === word);
  return group
    ? { groups: [group], named: true, filter: '', checks: group === 'unit', long }
    : { groups, named: true, filter: word, checks: false, long };
}
