import { commands, type Argument, type Flag } from './command.ts';
import { RELEASE, selector } from './shared-flags.ts';

const RELEASES: Argument = { name: 'NAME', many: true, completer: 'release' };

/** Flags of changes of several releases at once. */
const several: readonly Flag[] = [
  { ...selector, summary: 'all releases with these labels' },
  { name: 'limit', kind: 'number', value: 'N', byDefault: '20', summary: 'refuse if more releases match' },
];
const dryRun: Flag = { name: 'dry-run', kind: 'switch', summary: 'preview, change nothing' };
const hooks: Flag = { name: 'hooks', kind: 'switch', byDefault: 'true', summary: "run the chart's hooks" };
const createNamespace: Flag = {
  name: 'create-namespace',
  kind: 'switch',
  summary: 'create the namespace if it does not exist',
};
const crds: Flag = {
  name: 'crds',
  kind: 'text',
  value: 'HOW',
  byDefault: 'create',
  choices: ['create', 'skip', 'apply'],
  summary: 'CRDs of the chart: create, skip or apply',
};
const forceConflicts: Flag = {
  name: 'force-conflicts',
  kind: 'switch',
  summary: 'take ownership of conflicting fields',
};
const recreate: Flag = {
  name: 'recreate',
  kind: 'text',
  value: 'HOW',
  byDefault: 'none',
  choices: ['none', 'orphan', 'delete'],
  summary: 'objects with changed immutable fields: none, orphan or delete',
};
const waitReady: Flag = {
  name: 'wait-ready',
  kind: 'switch',
  byDefault: 'true',
  summary: 'wait for the dependencies first',
};
const allowMissing: Flag = { name: 'allow-missing', kind: 'switch', summary: 'accept dependencies that do not exist' };
const atomic: Flag = { name: 'atomic', kind: 'switch', summary: 'short for --wait --on-failure rollback' };

/** Commands that change releases. */
export const changeCommands = commands([
  {
    name: 'install',
    aliases: ['create'],
    group: 'Change',
    summary: 'install a release',
    notes: [
      'CHART is repo/name, oci://registry/name, a folder or a .tgz; a name alone is',
      'looked up in the repository stable. A folder is packed here and sent along.',
    ],
    examples: [
      [
        'walmctl install zk examples/zookeeper --set replicas=1 --set-string tag=3.9 --wait',
        'two values changed; until it is ready',
      ],
      ['walmctl install k examples/kafka --depends-on zookeeper=zk', 'depends on another release'],
      ['walmctl install web ./web -n web --create-namespace', 'a chart folder, a new namespace'],
      ['walmctl install k examples/kafka -f values.yaml --dry-run', 'what would be created'],
      ['walmctl install -f request.json', "a request as the API's, with name and chart"],
    ],
    arguments: [
      { name: 'NAME', required: false },
      { name: 'CHART', completer: 'chart' },
    ],
    sets: ['content', 'change'],
    without: ['unset', 'reset-values', 'reuse-values', 'expected-revision'],
    flags: [
      createNamespace,
      crds,
      forceConflicts,
      waitReady,
      allowMissing,
      atomic,
      dryRun,
      {
        name: 'project',
        short: 'p',
        kind: 'text',
        value: 'NAME',
        completer: 'project',
        summary: 'install it into a project, with its common values',
      },
      { name: 'generate-name', kind: 'switch', summary: 'generate a name from that of the chart' },
    ],
  },
  {
    name: 'upgrade',
    aliases: ['update'],
    group: 'Change',
    summary: 'change chart or values of a release',
    notes: [
      'Anything you do not specify is kept: chart, values, labels, dependencies,',
      'plugins. PVCs and their data stay.',
    ],
    examples: [
      ['walmctl upgrade kafka --set config.autoCreateTopics=false', 'one value'],
      ['walmctl upgrade kafka --unset config.autoCreateTopics', 'back to the default of the chart'],
      ['walmctl upgrade kafka --set tag=bad --atomic', 'rolls back automatically if the rollout fails'],
      ['walmctl upgrade web ./web --install', 'install it if it is not there'],
      ['walmctl upgrade kafka --version ~1.0 --dry-run', 'what would change'],
    ],
    arguments: [
      { name: 'NAME', required: false, completer: 'release' },
      { name: 'CHART', completer: 'chart' },
    ],
    sets: ['content', 'change'],
    flags: [
      { name: 'install', short: 'i', kind: 'switch', summary: 'install the release if it does not exist' },
      createNamespace,
      crds,
      forceConflicts,
      recreate,
      hooks,
      waitReady,
      allowMissing,
      atomic,
      dryRun,
    ],
  },
  {
    name: 'edit',
    group: 'Change',
    summary: 'change values, labels and plugins of a release in an editor',
    notes: [
      'What is deleted in the editor is deleted. The difference is shown and confirmed',
      'before anything is done. Editor: KUBE_EDITOR, VISUAL, EDITOR or vi.',
    ],
    examples: [
      ['walmctl edit kafka', 'and upgrade it with what was changed'],
      ['walmctl edit kafka --dry-run', 'only see what that would change'],
    ],
    arguments: [RELEASE],
    sets: ['change'],
    flags: [{ name: 'diff', kind: 'switch', byDefault: 'true', summary: 'show the difference first' }, dryRun],
  },
  {
    name: 'template',
    group: 'Charts',
    summary: 'what would be applied, or whether it fits the quota',
    notes: ['The cluster judges the objects; nothing is written. Secrets are ***.'],
    examples: [
      ['walmctl template k examples/kafka -f values.yaml', 'YAML documents'],
      ['walmctl template k examples/kafka --resources', 'requests, and whether the quota has room'],
      ['walmctl template web ./web -f values.yaml', 'a chart folder'],
    ],
    arguments: [
      { name: 'NAME', required: false },
      { name: 'CHART', completer: 'chart' },
    ],
    sets: ['content'],
    flags: [
      { name: 'resources', kind: 'switch', summary: 'requested resources, and whether the quota has room' },
      { name: 'hooks', kind: 'switch', summary: "the chart's hooks, too" },
      { name: 'crds', kind: 'switch', summary: "the chart's definitions, too" },
      createNamespace,
      { name: 'strict', kind: 'switch', summary: 'refuse unknown names and fields instead of warning' },
    ],
  },
  {
    name: 'delete',
    aliases: ['uninstall', 'rm', 'del'],
    group: 'Change',
    summary: 'delete releases, projects, Secrets, claims or tenants',
    notes: [
      'Claims and their data stay unless --delete-pvcs is given. A release that others',
      'depend on is refused unless --force is given; they keep the values they have.',
    ],
    examples: [
      ['walmctl delete zk', 'claims stay'],
      ['walmctl delete zk --dry-run', 'what would go, and what would stay'],
      ['walmctl delete zk --delete-pvcs --yes', 'with its data, without a question'],
      ['walmctl delete -l team=data', 'all of these; shows them and asks'],
      ['walmctl delete project/shop', 'a project with all its releases'],
      ['walmctl delete tenant team-a --dry-run', 'all that would go with a namespace'],
    ],
    arguments: [RELEASES],
    sets: ['change'],
    without: ['wait'],
    flags: [
      ...several,
      {
        name: 'project',
        short: 'p',
        kind: 'text',
        value: 'NAME',
        completer: 'project',
        summary: 'a project with all its releases, as project/NAME',
      },
      {
        name: 'delete-pvcs',
        kind: 'switch',
        byDefault: 'false',
        summary: 'delete the claims, too: their data is lost',
      },
      { name: 'keep-history', kind: 'switch', summary: 'keep the revisions' },
      { name: 'ignore-not-found', kind: 'switch', summary: 'succeed if it does not exist' },
      hooks,
      dryRun,
    ],
  },
  {
    name: 'pause',
    aliases: ['stop'],
    group: 'Change',
    summary: 'stop the pods of releases, and keep everything else',
    notes: ['Claims and all other objects stay. recover starts them again as they were.'],
    examples: [
      ['walmctl pause kafka', 'one release'],
      ['walmctl pause -l team=data', 'all with this label; shows them and asks'],
      ['walmctl pause kafka --dry-run', 'what would be stopped'],
    ],
    arguments: [RELEASES],
    sets: ['change'],
    without: ['wait'],
    flags: [...several, dryRun],
  },
  {
    name: 'recover',
    aliases: ['resume', 'start'],
    group: 'Change',
    summary: 'start what pause stopped',
    examples: [
      ['walmctl recover kafka --wait', 'and wait until it is ready'],
      ['walmctl recover -l team=data', 'all with this label'],
    ],
    arguments: [RELEASES],
    sets: ['change'],
    flags: several,
  },
  {
    name: 'restart',
    group: 'Change',
    summary: 'restart the pods of releases',
    notes: ['No revision is made; pods of Jobs are left alone.'],
    examples: [
      ['walmctl restart kafka --mode rolling', 'one pod after the other'],
      ['walmctl restart -l team=platform --wait', 'all with this label; wait until ready'],
      ['walmctl restart pod/kafka-0', 'a pod: its controller makes another one'],
    ],
    arguments: [RELEASES],
    sets: ['change'],
    without: ['operation-timeout'],
    flags: [
      ...several,
      {
        name: 'mode',
        kind: 'text',
        value: 'MODE',
        byDefault: 'auto',
        choices: ['auto', 'rolling', 'delete'],
        summary: 'auto, rolling (one after the other) or delete (all at once)',
      },
    ],
  },
  {
    name: 'rollback',
    group: 'Change',
    summary: 'go back to an earlier revision',
    notes: ['Makes a new revision. Pause, labels, project and dependencies stay as they are.'],
    examples: [
      ['walmctl rollback kafka', 'to the one before'],
      ['walmctl rollback kafka 1 --dry-run', 'what revision 1 would change'],
      ['walmctl rollback kafka 2', 'to revision 2'],
    ],
    arguments: [RELEASE, { name: 'REVISION' }],
    sets: ['change'],
    flags: [
      {
        name: 'to',
        kind: 'number',
        value: 'REVISION',
        aliases: ['revision', 'to-revision'],
        byDefault: 'the one before',
        summary: 'revision to go back to',
      },
      hooks,
      dryRun,
    ],
  },
  {
    name: 'test',
    group: 'Change',
    summary: "run the chart's tests of a release",
    notes: ['Exit 1 if a test fails.'],
    examples: [
      ['walmctl test kafka', 'all tests'],
      ['walmctl test kafka --name kafka-test --logs', 'one of them, with its log'],
    ],
    arguments: [RELEASE],
    sets: ['change'],
    without: ['wait'],
    flags: [
      { name: 'name', kind: 'list', value: 'TEST', summary: 'only these tests' },
      { name: 'logs', kind: 'switch', byDefault: 'of failed tests', summary: 'logs of all tests' },
    ],
  },
  {
    name: 'adopt',
    group: 'Take over',
    summary: 'take over releases that plain helm created or changed',
    notes: ['Restores what Walm knew of the release: pause, labels, dependencies.'],
    examples: [
      ['walmctl adopt old', 'a release of helm'],
      ['walmctl adopt -l team=data', 'all with this label'],
    ],
    arguments: [RELEASES],
    sets: ['change'],
    without: ['wait'],
    flags: several,
  },
  {
    name: 'detach',
    group: 'Take over',
    summary: 'hand a release over to plain helm',
    notes: ['Its objects stay as they are; Walm forgets labels, dependencies and plugins.'],
    examples: [
      ['walmctl detach old --dry-run', 'what would be forgotten'],
      ['walmctl detach old', 'asks first: dependents lose their provider'],
    ],
    arguments: [RELEASE],
    sets: ['change'],
    without: ['wait'],
    flags: [dryRun],
  },
  {
    name: 'cancel',
    group: 'Tasks',
    summary: 'cancel a change that waits or runs',
    notes: ['A first install is removed again; any other change leaves a failed revision.'],
    examples: [
      ['walmctl cancel 5c1e', 'a task, by the beginning of its id'],
      ['walmctl cancel kafka', 'what is going on with this release'],
    ],
    arguments: [{ name: 'TASK|NAME', required: true, many: true, completer: 'task' }],
  },
]);
