import type { Flag } from './command.ts';

/** Flags of commands that change something. */
export const changeFlags: readonly Flag[] = [
  { name: 'async', kind: 'switch', byDefault: 'false', summary: 'return as soon as the change is accepted' },
  {
    name: 'timeout',
    kind: 'duration',
    value: 'TIME',
    byDefault: '5m',
    aliases: ['timeout-sec'],
    summary: 'how long walmctl waits; the task carries on after that',
  },
  { name: 'wait', kind: 'switch', byDefault: 'false', summary: 'wait until the release is ready' },
  {
    name: 'operation-timeout',
    kind: 'duration',
    value: 'TIME',
    byDefault: "the server's",
    aliases: ['operation-timeout-sec'],
    summary: 'timeout of each hook and wait on the server',
  },
  {
    name: 'expected-revision',
    kind: 'number',
    value: 'N',
    summary: 'refuse unless this is the current revision',
  },
  {
    name: 'force',
    kind: 'switch',
    summary: 'unlock a release held by another Helm client; delete although others depend on it',
  },
  { name: 'strict', kind: 'switch', summary: 'refuse unknown names and fields instead of warning' },
  {
    name: 'idempotency-key',
    kind: 'text',
    value: 'KEY',
    byDefault: 'random',
    summary: 'repeating a request with the same key has no further effect',
  },
];
