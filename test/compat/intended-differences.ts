import type { Difference } from './compare.ts';

/** A difference from the original that is meant, and why. */
export interface IntendedDifference {
  /** Ids of the captures that it is about; all where left out. */
  captures?: RegExp;
  path: RegExp;
  /** The decision that it follows, or the reason why two clusters cannot agree. */
  because: string;
  /** Further narrows what is meant. */
  when?: (difference: Difference) => boolean;
}

const isNew = ({ original }: Difference) => original === undefined;
const isGone = ({ ours }: Difference) => ours === undefined;
const areTexts = ({ original, ours }: Difference) => typeof original === 'string' && typeof ours === 'string';
const areNumbers = ({ original, ours }: Difference) => typeof original === 'number' && typeof ours === 'number';

const isEmptyObject = (value: unknown) => JSON.stringify(value) === '{}';

/** The reviewed list: whatever differs and is not in it fails the suite. */
const INTENDED: readonly IntendedDifference[] = [
  // Errors
  { path: /^\/(errorCode|code|requestId|details)$/, because: 'D21: errors say more', when: isNew },
  {
    captures: /^(094|095|100)/,
    path: /^\/errMessage$/,
    because: 'D21: all schema errors at once, with JSON pointers, instead of the text of a Go decoder',
    when: areTexts,
  },
  {
    captures: /^083/,
    path: /^\/errMessage$/,
    because: "D28: a negative timeoutSec is answered in the document's words",
    when: areTexts,
  },
  {
    captures: /^(115|116|223|224)/,
    path: /^\/errMessage$/,
    because: 'D21: the message names what is not found',
    when: areTexts,
  },
  {
    captures: /^097/,
    path: /^\/errMessage$/,
    because: 'D8: the address is named without the words of a Go HTTP client',
    when: areTexts,
  },
  {
    captures: /^(103|112|110|245)/,
    path: /^\/(errMessage|message)$/,
    because: 'D13, D21: the value that is wrong is named before anything is tried',
    when: areTexts,
  },
  {
    captures: /^(089|091|238|244)/,
    path: /^\/errMessage$/,
    because: 'D21: the repository is named too',
    when: areTexts,
  },
  {
    captures: /^221/,
    path: /^\/errMessage$/,
    because: 'D21: the missing name is told before the missing chart',
    when: areTexts,
  },
  // Answers about releases
  {
    path: /^(\/items\/\d+)?\/(status|waitingFor|notes|warnings|outside|task|dependencyStatus)(\/|$)/,
    because: 'D41: the answer says more',
    when: isNew,
  },
  { path: /^\/total$/, because: 'D25: the number of all items, or the sum of all resources', when: isNew },
  { path: /^\/quota$/, because: 'D23: what remains of the quotas', when: isNew },
  {
    captures: /immediately|right-after|while/,
    path: /^\/(ready|message)$|\/state\/|Replicas$|\/pods(\/|$)|[cC]ontainers(\/|$)/,
    because: 'how far the cluster was at that moment',
  },
  { path: /\/releaseStatus\/(pvcs|cronjobs|others)(\/|$)/, because: 'D41: further kinds', when: isNew },
  { path: /^(\/items\/\d+)?\/message$/, because: 'D41: the reason follows the sentence', when: areTexts },
  {
    path: /\/plugins$/,
    because: 'D4: plugins are always an array once there is a release',
    when: ({ original, ours }) => original === null && Array.isArray(ours) && ours.length === 0,
  },
  // Two clusters never agree on these
  { path: /\/(clusterIp|podIp|hostIp|age|pod-template-hash)$/, because: 'given by the cluster', when: areTexts },
  { path: /\/labels\/topology\.kubernetes\.io~1(region|zone)$/, because: 'given by a newer cluster', when: isNew },
  { path: /\/nodePort$/, because: 'given by the cluster', when: areNumbers },
  { path: /\/endpoints(\/\d+)?$/, because: 'given by the cluster' },
  { path: /\/pods\/\d+\/name$/, because: 'given by the cluster', when: areTexts },
  { path: /\/annotations\/deployment\.kubernetes\.io~1revision$/, because: 'counted by the cluster', when: areTexts },
  {
    path: /\/annotations$/,
    because: 'Helm 4 marks what it owns',
    when: ({ original, ours }) =>
      original === null && Object.keys(Object(ours)).every((key) => key.startsWith('meta.helm.sh/')),
  },
  {
    path: /\/(currentVersion|updateVersion|controller-revision-hash|statefulset\.kubernetes\.io~1pod-name)$/,
    because: 'given by the cluster',
    when: areTexts,
  },
  { path: /\/labels\/apps\.kubernetes\.io~1pod-index$/, because: 'given by a newer cluster', when: isNew },
  { path: /\/annotations\/meta\.helm\.sh~1/, because: 'Helm 4 marks what it owns', when: isNew },
  { path: /\/labels\/app\.kubernetes\.io~1managed-by$/, because: 'D6: Helm 4 marks what it owns' },
  // API versions
  {
    path: /^\/\d+\/apiVersion$/,
    because: 'D38: withdrawn API versions are converted',
    when: ({ original, ours }) => /beta/.test(String(original)) && !/beta/.test(String(ours)),
  },
  {
    path: /\/volumes\/\d+\/(tosDisk|ephemeral)$/,
    because: 'D38: tosDisk volumes become ephemeral volumes',
    when: (difference) => isGone(difference) || isNew(difference),
  },
  {
    captures: /^21[78]/,
    path: /\/(creationTimestamp|dataSource|status|hostNetwork|initContainers|cpu|memory)$/,
    because: 'D46: plugins change what they name, and do not write the whole object anew through Go structs',
    when: ({ original, ours }) =>
      original === undefined || ours === undefined || (typeof original === 'string' && typeof ours === 'string'),
  },
  // The ReleaseConfig
  {
    path: /^\/\d+\/(metadata\/annotations|spec\/(plugins|source|releaseLabels|outputs|commonValues|injected|project|onFailure|strategy|pause)|status)(\/|$)/,
    because: 'D4, D5: the ReleaseConfig records more',
    when: isNew,
  },
  {
    path: /^\/\d+\/metadata\/(creationTimestamp|labels)$/,
    because: 'D4: no empty fields of Go structs',
    when: (difference) => isGone(difference) || difference.original === null || isEmptyObject(difference.ours),
  },
];

/** The differences that nobody meant. */
export function unintended(capture: string, differences: readonly Difference[]): Difference[] {
  return differences.filter(
    (difference) =>
      !INTENDED.some(
        ({ captures, path, when }) =>
          (captures === undefined || captures.test(capture)) &&
          path.test(difference.path) &&
          (when === undefined || when(difference)),
      ),
  );
}
