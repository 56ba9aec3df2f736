import { RELEASES } from '../../../contract/schemas/access.ts';
import { questionOf } from '../../domain/access/access-question.ts';
import { dependencyEntries } from '../../domain/dependencies/dependency-status.ts';
import { parseReleaseKey, type ReleaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { JudgeAutomation, Judgement } from './judge-automation.ts';

export type JudgeInjectionDeps = {
  judgeAutomation: JudgeAutomation;
  findDeployed: (key: ReleaseKey) => Promise<ReleaseRecord | null>;
};

/**
 * Judges whether Walm may inject the present outputs of its providers into a release. The release is rendered from its
 * newest revision, so the user who made that one needs the right to change the release and to `get` its providers; the
 * revision it is compared with and the providers have to be sealed as well.
 * @throws ProblemError CLUSTER_UNREACHABLE
 */
export type JudgeInjection = (release: ReleaseRecord) => Promise<Judgement>;

export function createJudgeInjection({ judgeAutomation, findDeployed }: JudgeInjectionDeps): JudgeInjection {
  return async function judgeInjection(release) {
    const deployed = await findDeployed(release.key);
    const entries = dependencyEntries(release);
    const providers = await Promise.all(entries.map(({ provider }) => findDeployed(provider)));
    const others = [...(deployed === null ? [] : [deployed]), ...providers.filter((one) => one !== null)];
    const unsealed = others.find(({ seal }) => !seal.sealed);
    if (release.seal.sealed && unsealed !== undefined && !unsealed.seal.sealed) {
      const { key, revision, seal } = unsealed;
      return { may: false, reason: `revision ${revision} of ${key} is not sealed: ${seal.reason}` };
    }
    const needs = entries.map(({ provider }) => {
      const { namespace, name } = parseReleaseKey(provider);
      return questionOf({ verb: 'get', ...RELEASES }, namespace, name);
    });
    return judgeAutomation({ release, needs });
  };
}
