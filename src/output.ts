/**
 * What the program prints is for whoever looks, and the run does not depend on it: a terminal, a pipe or a collector of logs that is gone
 * or full loses lines, and nothing else. The report and the log on the volume have them all.
 */

/** Whoever reads slowly gets the last lines too; whoever does not read at all is not waited for. */
const flushMsMax = 2_000;

/** Once, before the first line. */
export function surviveOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** Ends the process when all is printed, or nobody reads. Whatever else still waits (a socket of a lost server, say) does not hold it. */
export function exitWhenPrinted(exitCode: number): void {
  process.exitCode = exitCode;
  const leave = () => process.exit(exitCode);
  setTimeout(leave, flushMsMax);
  process.stderr.write('', () => process.stdout.write('', leave));
}
