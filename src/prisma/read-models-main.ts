/** The program of read-models-apart.ts: reads the models of the target that it is given, and prints what happened to it as JSON. */
import { text } from 'node:stream/consumers';
import { exitCodes, Failure } from '../failure.ts';
import { readModels } from './read-models.ts';
import type { Reading } from './read-models-apart.ts';

try {
  const { url, tables } = JSON.parse(await text(process.stdin)) as Reading;
  process.stdout.write(JSON.stringify(await readModels(url, tables)));
} catch (error) {
  process.exitCode = error instanceof Failure ? error.exit : exitCodes.bug;
}
