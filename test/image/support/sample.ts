/** A dump of invented documents of all collections, of any size. */
import { spawn } from 'node:child_process';

/** Writes it below `folder`, as `scripts/make-sample` does. */
export function makeSample(folder: string, documents: number): Promise<void> {
  const args = ['scripts/sample/main.ts', '--out', folder, '--documents', String(documents)];
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    child.once('error', failed);
    child.once('close', (code) => (code === 0 ? done() : failed(new Error(`make-sample ended with ${code}`))));
  });
}
