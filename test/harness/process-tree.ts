import { readdirSync, readFileSync } from 'node:fs';

/** Process ids of the children of a process, and of theirs; none if it has ended. Needs /proc. */
export function descendants(pid: number): number[] {
  const children = childrenOf(pid);
  return [...children, ...children.flatMap(descendants)];
}

/** Process ids of the children of all threads of a process: a Go program starts its workers from any of them. */
export function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
      const text = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim();
      return text === '' ? [] : text.split(' ').map(Number);
    });
  } catch {
    return [];
  }
}

/** What every process of a tree was started with, arguments and environment; texts of processes that ended are empty. */
export function startedWith(pid: number): string[] {
  return [pid, ...descendants(pid)].flatMap((one) => [textOf(one, 'cmdline'), textOf(one, 'environ')]);
}

function textOf(pid: number, file: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
