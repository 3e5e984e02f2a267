/** The memory of a program and of its children while it runs, from Linux's /proc. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const megabyte = 1024 * 1024;
/** Short beside the life of a child process, long beside a look at all processes. */
const lookMs = 50;

export interface MemoryPeak {
  /** The process itself: the kernel's own record, which misses nothing. */
  readonly ownMegabytes: number;
  /** The process and its children at one moment, each with all that it maps. */
  readonly withChildrenMegabytes: number;
}

export const memoryUnavailable = existsSync('/proc/self/status') ? null : 'the memory of a process is read from /proc';

/** Looks on until `ended` settles. */
export async function memoryPeak(pid: number, ended: Promise<unknown>): Promise<MemoryPeak> {
  let own = 0;
  let all = 0;
  let over = false;
  const done = ended.finally(() => {
    over = true;
  });
  while (!over) {
    own = Math.max(own, await statusBytes(pid, 'VmHWM'));
    let sum = 0;
    for (const one of [pid, ...(await descendants(pid))]) sum += await statusBytes(one, 'VmRSS');
    all = Math.max(all, sum);
    await Promise.race([delay(lookMs), done]);
  }
  return { ownMegabytes: Math.round(own / megabyte), withChildrenMegabytes: Math.round(all / megabyte) };
}

/** 0 for a process that has left. */
async function statusBytes(pid: number, name: 'VmHWM' | 'VmRSS'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
}

async function descendants(pid: number): Promise<readonly number[]> {
  const children: number[] = [];
  for (const task of await readdir(`/proc/${pid}/task`).catch(() => [])) {
    const text = await readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '');
    children.push(...text.split(' ').filter(Boolean).map(Number));
  }
  return [...children, ...(await Promise.all(children.map(descendants))).flat()];
}
