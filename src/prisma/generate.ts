/** Makes the Prisma client from schema.prisma; called by the set-up and the image's build. */
import { generate } from './cli.ts';

const { exitCode, stdout, stderr } = await generate();
process.stdout.write(`${stdout}\n`);
if (exitCode !== 0) process.stderr.write(`${stderr}\n`);
process.exitCode = exitCode;
