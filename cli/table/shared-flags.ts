import type { Argument, Flag } from './command.ts';

/** A release that has to be named. */
export const RELEASE: Argument = { name: 'NAME', required: true, completer: 'release' };

/** All namespaces instead of one. */
export const allNamespaces: Flag = {
  name: 'all-namespaces',
  short: 'A',
  kind: 'switch',
  aliases: ['all-namespace'],
  summary: 'in all namespaces',
};

/** Releases by their labels. */
export const selector: Flag = {
  name: 'selector',
  short: 'l',
  kind: 'text',
  value: 'SELECTOR',
  aliases: ['label-selector'],
  summary: 'label selector, such as team=data,tier!=test',
};
