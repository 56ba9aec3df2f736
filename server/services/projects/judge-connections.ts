import type { Warning } from '../../../contract/schemas/warning.ts';
import { releaseKey } from '../../domain/names/release-key.ts';
import { toEffectiveRequest } from '../../domain/request/release-request.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import type { Dependent, Injection } from '../dependencies/inject-dependencies.ts';
import type { ReadProvider } from '../dependencies/read-provider.ts';
import type { MutationOptions } from '../tasks/release-mutation.ts';
import type { JudgedMember } from './judge-members.ts';
import { ofMember } from './of-member.ts';

export type JudgeConnectionsDeps = {
  store: Pick<TaskStore, 'unfinishedOf'>;
  injectDependencies: (dependent: Dependent) => Promise<Injection>;
  /** Reads providers for one question, each once. */
  readProviders: () => ReadProvider;
};

export interface ConnectionsInput {
  readonly namespace: string;
  readonly members: readonly JudgedMember[];
  readonly allowMissing: boolean;
  readonly options: Pick<MutationOptions, 'caller'>;
}

/**
 * Checks what the releases of a project depend on, which may be each other. Returns all warnings about them.
 * @throws ProblemError of `injectDependencies`
 */
export type JudgeConnections = (input: ConnectionsInput, signal: AbortSignal) => Promise<Warning[]>;

export function createJudgeConnections(deps: JudgeConnectionsDeps): JudgeConnections {
  const { store, injectDependencies } = deps;
  return async function judgeConnections({ namespace, members, allowMissing, options }, signal) {
    const readProvider = deps.readProviders();
    const coming = new Set(members.map(({ name }) => releaseKey(namespace, name)));
    const warnings: Warning[] = [];
    for (const { name, chart, request, warnings: own } of members) {
      const { dependencies } = toEffectiveRequest(request, namespace);
      const injection = await injectDependencies({
        namespace,
        name,
        dependencies,
        metainfo: chart.metainfo,
        caller: options.caller,
        allowMissing,
        readProvider,
        signal,
        isComing: (key) => coming.has(key) || store.unfinishedOf(key).length > 0,
      });
      warnings.push(...ofMember(name, [...own, ...injection.warnings]));
    }
    return warnings;
  };
}
