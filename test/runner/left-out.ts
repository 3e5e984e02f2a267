/** What a call of scripts/test leaves out, and why: docs/decisions/tests-without-docker.md. */
import type { Group, Wanted } from './arguments.ts';

/** By group, the reason with which each of its tests counts as skipped. A group that is not here is run. */
export type LeftOut = Readonly<Partial<Record<Group, string>>>;

export interface Machine {
  /** Everything has to run: REQUIRE_DOCKER=1. */
  readonly dockerRequired: boolean;
  readonly dockerAnswers: () => Promise<boolean>;
}

/** Who names tests, or asks for them at full size, gets them. */
export async function leftOut({ named, long }: Wanted, { dockerRequired, dockerAnswers }: Machine): Promise<LeftOut> {
  if (named || long || dockerRequired || (await dockerAnswers())) return {};
  return { system: 'skipped where no Docker engine answers, to keep this under six minutes: scripts/test system runs it' };
}
