import { type DependencyEntry, changedOutputs } from './dependency-status.ts';
import { parseReleaseKey, type ReleaseKey } from '../names/release-key.ts';

/** The present outputs of a provider. */
export type ProviderState = {
  /** Digests by output name; null: there is no such release. */
  digests: Readonly<Record<string, string>> | null;
};

/** A dependency, and the state of its provider. */
export type ProvidedEntry = { entry: DependencyEntry; state: ProviderState };

/** A dependent and the state of its providers, in the order of its dependencies. */
export type PropagationInput = {
  /** Namespace of the dependent. */
  namespace: string;
  /** The dependent has an unfinished task; its providers need not be read before that ends. */
  busy: boolean;
  paused: boolean;
  /** The newest revision of the dependent was not written by Walm. */
  outside: boolean;
  providers: readonly ProvidedEntry[];
  /**
   * The first provider that is about to change again, by a task or because its own providers changed; null if there is
   * none. Like `unready` it is not looked for where nothing follows from it.
   */
  unsettled: DependencyEntry | null;
  /** Why providers with changed outputs are not ready, by their key. */
  unready: ReadonlyMap<ReleaseKey, string>;
};

/** The dependencies of which the release does not have the present outputs, with the names of these. */
export function changedEntries(
  providers: readonly ProvidedEntry[],
): readonly { entry: DependencyEntry; names: readonly string[] }[] {
  return providers.flatMap(({ entry, state }) => {
    const names = state.digests === null ? [] : changedOutputs(entry.injected, state.digests);
    return names.length === 0 ? [] : [{ entry, names }];
  });
}

/** What to do about a dependent: `soon` means that checking again soon is worthwhile. */
export type PropagationStep =
  | { do: 'nothing' }
  | { do: 'wait'; reason: string; soon: boolean }
  | { do: 'upgrade'; cause: string };

/** Maximum length of Helm's description of a revision, in characters. */
const MAX_CAUSE_LENGTH = 256;

/**
 * Decides whether outputs have to be injected into a release again. Only the recorded and the present outputs count, so
 * nothing is lost while the release is busy or paused, and several changes become one upgrade: it waits until all its
 * providers have settled.
 */
export function planPropagation(input: PropagationInput): PropagationStep {
  const { namespace, busy, paused, outside, unsettled, unready } = input;
  if (busy) {
    return waiting('a task of the release is under way', true);
  }
  const changes = changedEntries(input.providers);
  if (changes.length === 0) {
    return { do: 'nothing' };
  }
  if (outside) {
    return waiting('the release was changed outside of Walm: adopt or upgrade it', false);
  }
  if (paused) {
    return waiting('the release is paused', false);
  }
  if (unsettled !== null) {
    return waiting(`${keyFor(unsettled, namespace)} is about to change`, true);
  }
  for (const { entry } of changes) {
    const reason = unready.get(entry.provider);
    if (reason !== undefined) {
      const isOwn = isIn(entry, namespace);
      return waiting(`${keyFor(entry, namespace)} is not ready${isOwn ? `: ${reason}` : ''}`, true);
    }
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
 * The name of a provider in texts that every reader of the dependent sees: for a provider in another namespace the
 * dependent's own key, and nothing about its state.
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
