import type { Attack, HostileStage } from '../attack.ts';

const MiB = 1024 * 1024;

/** Statuses that a hostile request may get: it was refused, and Walm is healthy. */
function refused(status: number, text: string): void {
  if (status < 400 || status >= 500) throw new Error(`it answered ${status} ${text.slice(0, 300)}`);
}

function json(method: string, path: (stage: HostileStage) => string, body: string, who: 'stranger' | 'attacker') {
  return async (stage: HostileStage): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const { status, text } = await stage[who].api.send(method, path(stage), { body, headers });
    refused(status, text);
  };
}

const release = ({ attacker }: HostileStage): string => `/api/v1/release/${attacker.namespace}`;

/** `{"k…": {"a": 1, "a": 1, …}}`: every error would name its long path. */
function duplicateKeys(bytes: number): string {
  const pair = '"a":1,';
  return `{"name":"x","${'k'.repeat(MiB)}":{${pair.repeat(Math.floor((bytes - MiB) / pair.length))}"b":1}}`;
}

/** Bodies that are refused, and whose refusal must not cost more than they do. */
export const attacks: readonly Attack[] = [
  {
    name: 'sends duplicate keys below a long path, without any right',
    run: json('PUT', release, duplicateKeys(3.4 * MiB), 'stranger'),
  },
  {
    name: 'sends duplicate keys below a long path, with the right to',
    run: json('PUT', release, duplicateKeys(3.4 * MiB), 'attacker'),
  },
  {
    name: 'sends a key of 4 MB that is like none that there is',
    run: json('POST', release, `{"name":"x","${'configValue'.repeat(340_000)}":1}`, 'attacker'),
  },
];
