import { type DependencyEntry, changedOutputs } from './dependency-status.ts';
import { parseReleaseKey } from '../names/release-key.ts';

/** What a provider publishes now, and what keeps its dependents from taking it. */
export type ProviderState = {
  /** Digests by output name; null: there is no such release. */
  digests: Readonly<Record<string, string>> | null;
  /** It is about to change again, by a task or because its own providers changed. */
  unsettled: boolean;
  /** Why it is not ready; null when it is. */
  unready: string | null;
};

/** A dependent and what its providers look like, in the order of its dependencies. */
export type PropagationInput = {
  /** Of the dependent. */
  namespace: string;
  /** A task of it is not finished; its providers need not be looked at before that. */
  busy: boolean;
  paused: boolean;
  /** Its newest revision was not written by Walm. */
  outside: boolean;
  providers: readonly { entry: DependencyEntry; state: ProviderState }[];
};

/** What to do about a dependent: `soon` says that looking again soon is worth it. */
export type PropagationStep =
  | { do: 'nothing' }
  | { do: 'wait'; reason: string; soon: boolean }
  | { do: 'upgrade'; cause: string };

/** The most that Helm's description of a revision holds here, in characters. */
const MAX_CAUSE_LENGTH = 256;

/**
 * Decides whether a release has to be given outputs again. Only what it was given and what there is now count, so that
 * nothing is lost while it is busy or paused, and several changes become one upgrade: it waits until all its providers
 * have settled.
 */
export function planPropagation({ namespace, busy, paused, outside, providers }: PropagationInput): PropagationStep {
  if (busy) {
    return waiting('a task of the release is under way', true);
  }
  const changes = providers.flatMap(({ entry, state }) => {
    const names = state.digests === null ? [] : changedOutputs(entry.injected, state.digests);
    return names.length === 0 ? [] : [{ entry, names, unready: state.unready }];
  });
  const unsettled = providers.find(({ state }) => state.unsettled);
  if (changes.length === 0) {
    return { do: 'nothing' };
  }
  if (outside) {
    return waiting('the release was changed behind Walm: adopt or upgrade it', false);
  }
  if (paused) {
    return waiting('the release is paused', false);
  }
  if (unsettled !== undefined) {
    return waiting(`${keyFor(unsettled.entry, namespace)} is about to change`, true);
  }
  const unready = changes.find((change) => change.unready !== null);
  if (unready !== undefined) {
    const isOwn = isIn(unready.entry, namespace);
    return waiting(`${keyFor(unready.entry, namespace)} is not ready${isOwn ? `: ${unready.unready}` : ''}`, true);
  }
  return { do: 'upgrade', cause: causeOf(changes, namespace) };
}

function waiting(reason: string, soon: boolean): PropagationStep {
  return { do: 'wait', reason: `waits: ${reason}`, soon };
}

function isIn({ provider }: DependencyEntry, namespace: string): boolean {
  return parseReleaseKey(provider).namespace === namespace;
}

/**
 * What a provider is called where everybody reads it who may read the dependent: one of another namespace as the
 * dependent calls it, and nothing is said of how it is doing.
 */
function keyFor(entry: DependencyEntry, namespace: string): string {
  return isIn(entry, namespace) ? entry.provider : `dependency ${entry.key}`;
}

function nameFor(entry: DependencyEntry, namespace: string): string {
  return isIn(entry, namespace) ? parseReleaseKey(entry.provider).name : keyFor(entry, namespace);
}

function causeOf(changes: readonly { entry: DependencyEntry; names: readonly string[] }[], namespace: string): string {
  const cause = changes
    .map(({ entry, names }) => `${nameFor(entry, namespace)} outputs changed: ${names.join(', ')}`)
    .join('; ');
  return cause.length > MAX_CAUSE_LENGTH ? `${cause.slice(0, MAX_CAUSE_LENGTH - 1)}…` : cause;
}
