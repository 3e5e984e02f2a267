/** The program of read-models-apart.ts: reads the models of the target whose URL it is given, and prints what became of it as JSON. */
import { text } from 'node:stream/consumers';
import { exitCodes, Failure } from '../failure.ts';
import { readModels } from './read-models.ts';

try {
  process.stdout.write(JSON.stringify(await readModels(await text(process.stdin))));
} catch (error) {
  process.exitCode = error instanceof Failure ? error.exit : exitCodes.bug;
}
