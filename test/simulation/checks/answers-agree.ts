import { isDeepStrictEqual } from 'node:util';

import type { ReleaseInfo, ReleaseInfoList } from '../../../contract/schemas/release.ts';
import { unfulfilledIn } from '../../model/expected-release.ts';
import type { SharedHashes } from '../world/shared-hashes.ts';
import type { Compared } from './compared.ts';
import { eventProblems } from './events-agree.ts';
import type { SeenRelease } from './records-agree.ts';

/** Answered by each replica for the moment and for itself. */
const OF_THE_MOMENT = new Set(['age', 'sequence', 'dependency']);

/** Every replica answers what the records say and what was requested, and all answers are equal. */
export async function answerProblems(
  about: Compared,
  namespace: string,
  releases: readonly SeenRelease[],
): Promise<string[]> {
  const { expected } = about.load;
  const truth = releases
    .map(({ name, inForce: { revision, status }, attempts }) => {
      return `${name} ${revision} ${status}${attempts.length > 0 ? ', and a failure' : ''}`;
    })
    .toSorted();
  const failed = new Set(releases.filter(({ attempts }) => attempts.length > 0).map(({ name }) => name));
  const lines: string[] = [];
  let first: string | undefined;
  for (const server of about.servers) {
    const answer = await about.client.ask(server, { id: 'listNamespaceReleases', path: { namespace } });
    if (answer?.status !== 200) {
      lines.push(`${server.name} answers ${answer?.status} ${answer?.code}`);
      continue;
    }
    // A failed first install is shown for a while although there is no release.
    const items = (answer.body as ReleaseInfoList).items.filter(({ version }) => version > 0);
    const said = items.map((item) => described(item, failed)).toSorted();
    if (!isDeepStrictEqual(said, truth)) {
      lines.push(`${server.name} answers about ${namespace}: ${said.join('; ')}, recorded is ${truth.join('; ')}`);
    }
    for (const { name, ready, paused, message } of items) {
      if (!ready && !paused) lines.push(`${server.name}: ${namespace}/${name} is not ready: ${message}`);
    }
    const whole = JSON.stringify(items, (key, value: unknown) => (OF_THE_MOMENT.has(key) ? undefined : value));
    if (first === undefined) {
      lines.push(...eventProblems(about.world.published, namespace, items));
      lines.push(...copyProblems(about.world.hashes, namespace, items));
    }
    first ??= whole;
    if (whole !== first)
      lines.push(`${server.name} answers differently about ${namespace} than the first:\n${whole}\n${first}`);
    lines.push(...expected.filter((one) => one.namespace === namespace).flatMap((one) => unfulfilledIn(one, items)));
  }
  return lines;
}

/** The copies of releases in Redis match the releases. */
function copyProblems({ content }: SharedHashes, namespace: string, items: readonly ReleaseInfo[]): string[] {
  const copied = ({ name, version, configValues }: ReleaseInfo) => `${name} ${version} ${JSON.stringify(configValues)}`;
  const copies = [...content('walm-releases')]
    .filter(([field]) => field.startsWith(`${namespace}/`))
    .map(([, value]) => copied(JSON.parse(value) as ReleaseInfo))
    .toSorted();
  const wanted = items.map(copied).toSorted();
  return isDeepStrictEqual(copies, wanted)
    ? []
    : [`Redis has of ${namespace}: ${copies.join('; ')}, wanted was ${wanted.join('; ')}`];
}

function described({ name, version, status, lastFailure }: ReleaseInfo, failed: ReadonlySet<string>): string {
  // A change that left no revision is a failure as well.
  const isTold = lastFailure !== undefined && failed.has(name);
  return `${name} ${version} ${status}${isTold ? ', and a failure' : ''}`;
}
