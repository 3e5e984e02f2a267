/** `status`: where it stands, from the volume alone. */
import { type ExitCode, exitCodes } from '../failure.ts';
import type { Report } from '../report/model.ts';
import { asSeenNow } from '../report/seen-now.ts';
import { reportText } from '../report/text.ts';
import type { Volume } from '../volume/volume.ts';

export async function status(volume: Pick<Volume, 'directory' | 'readReport'>, say: (line: string) => void): Promise<ExitCode> {
  const report = await volume.readReport();
  if (report === null) {
    say(`No migration has been started with this volume (${volume.directory}).`);
    return exitCodes.success;
  }
  const seen = asSeenNow(report, Date.now());
  say(reportText(seen));
  // A run that is under way: as for a second run that finds the lock taken.
  return seen.state === 'running' ? exitCodes.locked : exitCodeOf(seen);
}

function exitCodeOf({ exitCode }: Report): ExitCode {
  return Object.values(exitCodes).find((code) => code === exitCode) ?? exitCodes.interrupted;
}
