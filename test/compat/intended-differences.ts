import type { Difference } from './compare.ts';

/** A difference from the original that is meant, and why. */
interface IntendedDifference {
  /** Ids of the captures that it is about. */
  captures: RegExp;
  /** JSON pointer into the answer; `status` for its status code, empty for all of its body. */
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

/** Answers about releases: GETs of releases and of projects, and lists of both. */
const RELEASES = /^\d{3}-(get|list|repolist-no-slash|project-get|project-list)/;
/** Those that were read while the cluster was still at work. */
const MOVING = /^(044|053|056|062|068|071|079|125|127|133|157|233|241|245)-/;
const DRY_RUNS = /^\d{3}-dryrun-(?!.*resources)|^(104|107)-/;
const TOTALS = /^\d{3}-dryrun-.*resources/;
const REFUSED =
  /^(010|014|016|035|083|085|086|088|089|091|092|094|095|097|098|100|101|103|106|109|110|112|113|115|116|118|119|128|130|131|137|140|149|151|152|154|161|220|221|223|224|226|238|244)-/;

const CHARTS: readonly IntendedDifference[] = [
  {
    captures: /^(011|013)-/,
    path: /^\/(digest|bytes|repoName|chartImage|created|deprecated|type|engine|values|valuesText|schema|readme|kubeVersion|home|icon|sources|keywords|maintainers|dependencies|crds|has\w+|notInstallable|installed|leftOut)$/,
    because: 'decision record 0096: the answer says more',
    when: isNew,
  },
  {
    captures: /^017-/,
    path: /^(status)?$/,
    because: 'decision record 0096: an icon is a JSON string for a client that accepts JSON; the original refused it',
  },
];

const ERRORS: readonly IntendedDifference[] = [
  {
    captures: REFUSED,
    path: /^\/(errorCode|code|requestId|details)$/,
    because: 'D21: errors say more',
    when: isNew,
  },
  {
    captures: /^(094|095|100)-/,
    path: /^\/errMessage$/,
    because: 'D21: all schema errors at once, with JSON pointers, instead of the text of a Go decoder',
    when: areTexts,
  },
  {
    captures: /^(083|161)-/,
    path: /^\/errMessage$/,
    because: "D28: a negative timeoutSec is answered in the document's words",
    when: areTexts,
  },
  {
    captures: /^(115|116|223|224)-/,
    path: /^\/errMessage$/,
    because: 'D21: the message names what is not found',
    when: areTexts,
  },
  {
    captures: /^097-/,
    path: /^\/errMessage$/,
    because: 'D8: the address is named without the words of a Go HTTP client',
    when: areTexts,
  },
  {
    captures: /^(103|110|112)-/,
    path: /^\/errMessage$/,
    because: 'D13, D21: the value that is wrong is named before anything is tried',
    when: areTexts,
  },
  {
    captures: /^(149|151)-/,
    path: /^\/errMessage$/,
    because: 'D21: the message names the chart that is not found',
    when: areTexts,
  },
  {
    captures: /^142-/,
    path: /^(status$|$|\/)/,
    because: 'a defect of the original (assignment to entry in nil map): the releases are added',
    when: ({ path, ours }) => path !== 'status' || ours === 200,
  },
  {
    captures: /^154-/,
    path: /^\/errMessage$/,
    because: 'D27: the second request waits for the first, and then finds the project',
    when: areTexts,
  },
  {
    captures: /^221-/,
    path: /^\/errMessage$/,
    because: 'D21: the missing name is told before the missing chart',
    when: areTexts,
  },
  {
    captures: /^(109|152)-/,
    path: /^(status$|\/)/,
    because: 'D10, D21: what is refused before anything is tried leaves nothing that could be shown',
    when: ({ path, ours }) => path !== 'status' || ours === 404,
  },
];

const RELEASE_ANSWERS: readonly IntendedDifference[] = [
  {
    captures: RELEASES,
    path: /^(.*\/(items|releases)\/[^/]+)?\/(status|waitingFor|notes|warnings|outside|task|dependencyStatus|notPaused|sealed|notAllowed|lastFailure|attempt|tests|onFailure|strategy|held|phase|reason|sequence|updated|project|dependency|newerVersion|pods|objects|truncated)(\/|$)/,
    because: 'D41: the answer says more',
    when: isNew,
  },
  {
    captures: RELEASES,
    path: /\/releaseStatus\/(pvcs|cronjobs|others)(\/|$)/,
    because: 'D41: further kinds',
    when: isNew,
  },
  {
    captures: RELEASES,
    path: /^(\/(items|releases)\/[^/]+)*\/message$/,
    because: "D41: the reason follows the original's sentence; tasks have ids of their own",
    when: ({ original, ours }) => beginsAlike(original, ours),
  },
  {
    captures: RELEASES,
    path: /^(\/(items|releases)\/[^/]+)*\/message$/,
    because: 'D0027: a change that failed says nothing of what runs; it stands in lastFailure',
    when: ({ original, ours }) => String(original).includes(' failed : ') && !String(ours).includes('latest task'),
  },
  {
    captures: /^\d{3}-(list|project-list)/,
    path: /^\/total$/,
    because: 'D25: the number of all items',
    when: isNew,
  },
  {
    captures: /^230-/,
    path: /^\/total$/,
    because: 'D25: the number of all items',
    when: isNew,
  },
  {
    captures: MOVING,
    path: /\/(ready|message)$|\/state\/|Replicas$|~1revision$|\/pods(\/|$)|[cC]ontainers(\/|$)/,
    because: 'how far the cluster was at that moment',
  },
  {
    captures: /^245-/,
    path: /^\/(ready|message)$/,
    because: 'D10, D21: an upgrade that is refused before anything is tried is no task that failed',
  },
  {
    captures: /^241-/,
    path: /^\/(num|items\/f1|items\/tl1\/version)$/,
    because: 'D10, D21: what is refused is no release; tl1 was upgraded 17 times by requests that were not kept',
  },
];

const CLUSTER: readonly IntendedDifference[] = [
  {
    captures: RELEASES,
    path: /\/(clusterIp|podIp|hostIp|age|pod-template-hash|currentVersion|updateVersion|controller-revision-hash)$/,
    because: 'given by the cluster',
    when: areTexts,
  },
  { captures: RELEASES, path: /\/nodePort$/, because: 'given by the cluster', when: areNumbers },
  { captures: RELEASES, path: /\/endpoints(\/\d+)?$/, because: 'given by the cluster' },
  {
    captures: RELEASES,
    path: /\/pods\/\d+\/(name|labels\/statefulset\.kubernetes\.io~1pod-name)$/,
    because: 'given by the cluster',
    when: areTexts,
  },
  {
    captures: RELEASES,
    path: /\/annotations\/deployment\.kubernetes\.io~1revision$/,
    because: 'counted by the cluster',
    when: areTexts,
  },
  {
    captures: RELEASES,
    path: /\/labels\/(topology\.kubernetes\.io~1(region|zone)|apps\.kubernetes\.io~1pod-index)$/,
    because: 'given by a newer cluster',
    when: isNew,
  },
  {
    captures: RELEASES,
    path: /\/annotations$/,
    because: 'Helm 4 marks what it owns',
    when: ({ original, ours }) =>
      original === null && Object.keys(Object(ours)).every((key) => key.startsWith('meta.helm.sh/')),
  },
  {
    captures: RELEASES,
    path: /\/annotations\/meta\.helm\.sh~1/,
    because: 'Helm 4 marks what it owns',
    when: isNew,
  },
  {
    captures: RELEASES,
    path: /\/releaseStatus\/.*\/labels\/app\.kubernetes\.io~1managed-by$/,
    because: 'D6: Helm 4 marks what it owns',
  },
];

const DOCUMENTS: readonly IntendedDifference[] = [
  { captures: TOTALS, path: /^\/total$/, because: 'the sum of all resources, as issue 4 asks', when: isNew },
  { captures: TOTALS, path: /^\/others$/, because: 'Pods and ReplicaSets count, too', when: isNew },
  { captures: TOTALS, path: /^\/quota$/, because: 'what remains of the quotas, as issue 4 asks', when: isNew },
  {
    captures: DRY_RUNS,
    path: /^\/\d+\/apiVersion$/,
    because: 'D38: withdrawn API versions are converted',
    when: ({ original, ours }) => /beta/.test(String(original)) && !/beta/.test(String(ours)),
  },
  {
    captures: DRY_RUNS,
    path: /\/volumes\/\d+\/(tosDisk|ephemeral)$/,
    because: 'D38: tosDisk volumes become ephemeral volumes',
    when: (difference) => isGone(difference) || isNew(difference),
  },
  {
    captures: /^21[78]-/,
    path: /\/(creationTimestamp|dataSource|status|hostNetwork|initContainers|cpu|memory)$/,
    because: 'D46: plugins change what they name, and do not write the whole object again through Go structs',
    when: (difference) => isNew(difference) || isGone(difference) || areTexts(difference),
  },
  {
    captures: DRY_RUNS,
    path: /^\/\d+\/(metadata\/annotations|spec\/(plugins|source|releaseLabels|removedLabels|outputs|commonValues|injected|project|onFailure|strategy|pause)|status)(\/|$)/,
    because: 'D4, D5: the ReleaseConfig records more',
    when: isNew,
  },
  {
    captures: DRY_RUNS,
    path: /^\/\d+\/metadata\/(creationTimestamp|labels)$/,
    because: 'D4: no empty fields of Go structs',
    when: (difference) => isGone(difference) || difference.original === null || isEmptyObject(difference.ours),
  },
];

const OBJECTS: readonly IntendedDifference[] = [
  {
    captures: /^(007|167|175|176|178|181|184|185|190|193|197|203)-/,
    path: /^\/(errorCode|code|requestId|details)$/,
    because: 'D21: errors say more',
    when: isNew,
  },
  {
    captures: /^166-/,
    path: /^\/(pods|taints|unschedulable|conditions|kubeletVersion|createdAt)$/,
    because: 'decision record 0114: the answer says more',
    when: isNew,
  },
  {
    captures: /^166-/,
    path: /^\/(requestsAllocated|limitsAllocated|unifyUnitResourceInfo\/(requestsAllocated|limitsAllocated))\/(cpu|memory)$/,
    because: 'given by the cluster: no pods are on that node',
  },
  {
    captures: /^166-/,
    path: /^\/annotations$/,
    because: 'given by a newer cluster',
    when: ({ original }) => original === null,
  },
  {
    captures: /^173-/,
    path: /^\/(base64Keys|immutable|createdAt)$/,
    because: 'decision record 0114: the answer says more',
    when: isNew,
  },
  {
    captures: /^188-/,
    path: /^\/(total|items\/silver\/(isDefault|parameters))$/,
    because: 'D25: the number of all items; decision record 0114: the answer says more',
    when: isNew,
  },
  {
    captures: /^188-/,
    path: /^\/(num|items\/(standard|local)|items\/silver\/(provisioner|allowVolumeExpansion|volumeBindingMode|reclaimPolicy))$/,
    because: 'given by the cluster',
  },
  {
    captures: /^166-/,
    path: /^\/(capacity|allocatable)\/ephemeral-storage$/,
    because: 'given by the cluster',
    when: isNew,
  },
  {
    captures: /^194-/,
    path: /^(status)?$/,
    because: 'the cluster of the original had no kubelets that have logs',
    when: ({ ours }) => ours === 200 || typeof ours === 'string',
  },
  { captures: /^191-/, path: /^\/events\/\d+$/, because: 'given by the cluster', when: isNew },
  {
    captures: /^(005|199|202)-/,
    path: /^\/tenantCreationTime$/,
    because: 'given by the cluster',
    when: ({ ours }) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC$/.test(String(ours)),
  },
  {
    captures: /^(005|199|202)-/,
    path: /^\/tenantLabels\/kubernetes\.io~1metadata\.name$/,
    because: 'given by a newer cluster',
    when: isNew,
  },
];

const CHANGED_OBJECTS: readonly IntendedDifference[] = [
  {
    captures: /^200-/,
    path: /^(status)?$/,
    because: 'decision record 0131: a quota limits only what it names',
    when: ({ path, ours }) => path !== 'status' || ours === 200,
  },
  {
    captures: /^(176|203)-/,
    path: /^\/errMessage$/,
    because: 'D21: the message names the key, or the tenant',
    when: beginsAsOnce,
  },
  {
    captures: /^185-/,
    path: /^\/errMessage$/,
    because: 'the original had an empty name before the first one in its list',
    when: ({ original, ours }) => String(original).replace('[ ', '[') === ours,
  },
];

const ROOT: readonly IntendedDifference[] = [
  {
    captures: /^214-/,
    path: /^\/(pid|uptime|uptime_sec|time|unixtime|(total_)?status_code_count\/\d+|(total_)?count|(total|average)_response_time(_sec)?)$/,
    because: 'counted by the process',
  },
  {
    captures: /^215-/,
    path: /^(status$|\/)/,
    because: 'the description of the API is OpenAPI 3.1, under another address: Swagger 2.0 is not offered',
    when: ({ path, ours }) => path !== 'status' || ours === 301,
  },
];

const ENCODINGS: readonly IntendedDifference[] = [
  { captures: /^227-/, path: /^$/, because: 'D21: JSON, instead of nothing, where XML is asked for' },
  { captures: /^229-/, path: /^$/, because: 'HTTP leaves it to the server whether it compresses' },
];

/** The reviewed list: whatever differs and is not in it fails the suite. */
const INTENDED = [
  ...CHARTS,
  ...ERRORS,
  ...RELEASE_ANSWERS,
  ...CLUSTER,
  ...DOCUMENTS,
  ...OBJECTS,
  ...CHANGED_OBJECTS,
  ...ROOT,
  ...ENCODINGS,
];

/** The differences that are not intended. */
export function unintended(capture: string, differences: readonly Difference[]): Difference[] {
  return differences.filter(
    (difference) =>
      !INTENDED.some(
        ({ captures, path, when }) =>
          captures.test(capture) && path.test(difference.path) && (when === undefined || when(difference)),
      ),
  );
}

/** Whether our message is the original's, with something behind it. */
function beginsAsOnce({ original, ours }: Difference): boolean {
  return String(ours).startsWith(String(original));
}

/** Whether our message is the original's, the ids of tasks aside, with or without a reason behind it. */
function beginsAlike(original: unknown, ours: unknown): boolean {
  const said = String(original).replaceAll(/\S+-Task-task_[\da-f-]+/g, '\u0000');
  const [start = '', end = ''] = said.split('\u0000');
  return original !== '' && String(ours).startsWith(start) && String(ours).includes(end);
}
