/** What processes have used, as the kernel counts it under /proc. Of a process that has gone there is nothing to read: zeros. */
import { readdir, readFile } from 'node:fs/promises';

/** Linux counts times in hundredths of a second for every program (USER_HZ). */
const ticksPerSecond = 100;

/** Of the process, and of those of its children that have ended and were waited for. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  // "pid (name) state ppid …" (proc(5)): the name may hold anything; utime, stime, cutime and cstime are the fields 14 to 17.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond;
}

/** What a process has in memory now, with all that it shares with others. */
export const rssBytes = (pid: number): Promise<number> => kilobytes(`/proc/${pid}/status`, 'VmRSS');

/** The most that it had in memory at any moment so far: the kernel's own record. */
export const peakRssBytes = (pid: number): Promise<number> => kilobytes(`/proc/${pid}/status`, 'VmHWM');

/** Memory of its own, and its part of what it shares with others: these can be summed over processes. */
export const proportionalBytes = (pid: number): Promise<number> => kilobytes(`/proc/${pid}/smaps_rollup`, 'Pss');

async function kilobytes(file: string, field: string): Promise<number> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
}

/** Children, their children and so on. */
export async function descendants(pid: number): Promise<readonly number[]> {
  const children: number[] = [];
  for (const task of await readdir(`/proc/${pid}/task`).catch(() => [])) {
    const text = await readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '');
    children.push(...text.split(' ').filter(Boolean).map(Number));
  }
  return [...children, ...(await Promise.all(children.map(descendants))).flat()];
}
