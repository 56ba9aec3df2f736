/** What a remedy may name: the command that was typed, and its release. */
export interface Situation {
  readonly command: string;
  /** The release that the line names, or NAME. */
  readonly name: string;
}

/** Lines of what can be done: a purpose and the command for it, or a sentence. */
type Remedy = (situation: Situation) => readonly (string | readonly [purpose: string, line: string])[];

/** By code, in the words of the command line. The generated table of the API's sentences leaves these codes out. */
export const ownRemedies: Readonly<Record<string, Remedy>> = {
  CHART_MISSING: ({ command, name }) => [
    ['name a chart', `walmctl ${command} ${name} REPO/CHART (or oci://…, a folder, a .tgz)`],
  ],
  CHART_NOT_FOUND: () => [['charts of a repository', 'walmctl chart list REPO']],
  CHART_NOT_RECORDED: ({ name }) => [['name the chart', `walmctl upgrade ${name} REPO/CHART`]],
  CHART_VERSION_NOT_FOUND: () => [['versions of a chart', 'walmctl chart versions REPO/NAME']],
  CLAIM_IN_USE: () => [
    'delete or scale down what uses it; a StatefulSet lets go of its claims when it is deleted',
    ['what uses it', 'walmctl get pvc CLAIM -n NAMESPACE'],
  ],
  CLAIM_NOT_FOUND: () => [['claims of a namespace', 'walmctl list pvcs -n NAMESPACE']],
  CONTAINER_WAITING: () => ['wait until the container runs; former logs need a container that was restarted'],
  DEPENDENCY_NOT_FOUND: ({ command, name }) => [
    'install the dependency first',
    ['or accept that it is missing', `walmctl ${command} ${name} … --allow-missing`],
  ],
  DEPENDENCY_NOT_READY: ({ command, name }) => [
    ['what it waits for', 'walmctl status DEPENDENCY'],
    ['or do not wait for it', `walmctl ${command} ${name} … --no-wait-ready`],
  ],
  FIELD_CONFLICT: ({ command, name }) => [
    'undo the other change, or leave the field to its manager',
    ['or take it over', `walmctl ${command} ${name} … --force-conflicts`],
  ],
  FIELD_IMMUTABLE: ({ name }) => [
    ['recreate the object', `walmctl upgrade ${name} … --recreate orphan (keeps its pods) or delete`],
  ],
  NAMESPACE_NOT_FOUND: ({ command, name }) => [
    ['create it', `walmctl ${command} ${name} … --create-namespace`],
    ['see what there is', 'walmctl list -A'],
  ],
  NAMESPACE_NOT_WATCHED: () => ['use one of the namespaces that the server watches'],
  OPERATION_TIMEOUT: ({ command, name }) => [
    ['what it waits for', `walmctl status ${name}`],
    ['allow more time', `walmctl ${command} ${name} … --operation-timeout 20m`],
  ],
  PLAN_STALE: () => [['look at the new plan', 'walmctl plan -f FILE']],
  PLUGIN_REFUSED: () => [['plugins and their arguments', 'walmctl get plugins -o yaml']],
  NODE_NOT_FOUND: () => [['nodes', 'walmctl list nodes']],
  POD_NOT_FOUND: () => [['pods of a namespace', 'walmctl list pods -n NAMESPACE']],
  POD_UNMANAGED: () => [['delete it for good', 'walmctl restart pod/POD --force']],
  PROJECT_NOT_FOUND: () => [['see what there is', 'walmctl list projects -A']],
  REPOSITORY_EXISTS: () => [
    'choose another name, or remove that repository first',
    ['repositories', 'walmctl repo list'],
  ],
  REPOSITORY_NOT_FOUND: () => [['repositories', 'walmctl repo list']],
  RELEASE_EXISTS: ({ name }) => [
    ['change it', `walmctl upgrade ${name} …`],
    ['change or install it', `walmctl upgrade ${name} … --install`],
  ],
  RELEASE_HAS_DEPENDENTS: ({ name }) => [
    ['its dependents', `walmctl deps ${name} --down`],
    ['delete it anyway', `walmctl delete ${name} --force (they keep the values they have)`],
  ],
  RELEASE_LOCKED: ({ command, name }) => [
    ['what is going on', `walmctl status ${name}`],
    ["end another helm's operation", `walmctl ${command} ${name} … --force`],
  ],
  RELEASE_NOT_FOUND: ({ command, name }) => [
    ['see what there is', 'walmctl list -A'],
    ...(command === 'upgrade' ? [['install it', `walmctl upgrade ${name} CHART --install`] as const] : []),
  ],
  RELEASE_PAUSED: ({ name }) => [['start it first', `walmctl recover ${name}`]],
  REVISION_MISMATCH: ({ name }) => [['present revision', `walmctl get ${name}`]],
  REVISION_NOT_FOUND: ({ name }) => [['revisions that are kept', `walmctl history ${name}`]],
  ROUTE_NOT_FOUND: () => [
    'the server is older than this walmctl, or this is not the address of a Walm server: walmctl doctor',
  ],
  SECRET_EXISTS: () => [['replace its values', 'walmctl api PUT /api/v1/secret/NAMESPACE -f secret.json']],
  SECRET_NOT_FOUND: () => [['Secrets of a namespace', 'walmctl list secrets -n NAMESPACE']],
  STORAGE_CLASS_NOT_FOUND: () => [['storage classes', 'walmctl list storageclasses']],
  TASK_NOT_FOUND: () => [['tasks', 'walmctl get tasks']],
  TENANT_EXISTS: () => [['change it', 'walmctl api PUT /api/v1/tenant/TENANT -f tenant.json']],
  TENANT_NOT_FOUND: () => [['tenants', 'walmctl list tenants']],
  TIMEOUT_REACHED: ({ name }) => [['it carries on', `walmctl wait ${name}`]],
  TOO_MANY_CLAIMS: () => [
    [
      'allow more',
      'walmctl api DELETE /api/v1/pvc/NAMESPACE --query labelselector=SELECTOR --query limit=N --query dryrun=true',
    ],
  ],
  TOO_MANY_RELEASES: ({ command }) => [
    ['which they are', 'walmctl list -l SELECTOR'],
    ['allow more', `walmctl ${command} -l SELECTOR --limit N`],
  ],
  TOO_MANY_REQUESTS: () => ['send it again when other requests have ended'],
};
