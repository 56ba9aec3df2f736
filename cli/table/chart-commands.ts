import { commands, type Flag } from './command.ts';

const chartVersion: Flag = {
  name: 'version',
  kind: 'text',
  value: 'RANGE',
  byDefault: 'the newest',
  summary: 'version of the chart, or a range such as ~6.1',
};
const destination: Flag = {
  name: 'destination',
  short: 'd',
  kind: 'text',
  value: 'FOLDER',
  byDefault: '.',
  completer: 'file',
  summary: 'folder of the archive',
};
const force: Flag = { name: 'force', kind: 'switch', summary: 'write over an archive that is there' };

const unstable: readonly Flag[] = [
  { name: 'pre', kind: 'switch', summary: 'the newest version may be a pre-release' },
  { name: 'deprecated', kind: 'switch', summary: 'deprecated charts, too' },
];
const max: Flag = { name: 'max', kind: 'number', value: 'N', byDefault: '50', summary: 'maximum number of charts' };

/** Commands that look at charts before anything is installed. */
export const chartCommands = commands([
  {
    name: 'chart list',
    aliases: ['chart ls'],
    group: 'Charts',
    summary: 'charts of a repository',
    examples: [
      ['walmctl chart list examples', 'each at its newest version'],
      ['walmctl chart list examples --versions', 'all versions'],
    ],
    arguments: [{ name: 'REPO' }],
    flags: [
      { name: 'versions', kind: 'switch', summary: 'all versions, not only the newest' },
      ...unstable,
      { ...max, byDefault: 'all' },
    ],
  },
  {
    name: 'chart search',
    group: 'Charts',
    summary: 'charts of all repositories by words',
    notes: ['A repository that does not answer is a warning.'],
    examples: [
      ['walmctl chart search zoo', 'in names, keywords and descriptions'],
      ['walmctl chart search zoo --versions', 'all versions of what is found'],
    ],
    arguments: [{ name: 'WORD', many: true }],
    flags: [{ name: 'versions', kind: 'switch', summary: 'all versions, not only the newest' }, ...unstable, max],
  },
  {
    name: 'chart versions',
    group: 'Charts',
    summary: 'versions of a chart, newest first',
    examples: [['walmctl chart versions examples/zookeeper', 'what --version may name']],
    arguments: [{ name: 'CHART', required: true, completer: 'chart' }],
  },
  {
    name: 'chart show',
    aliases: ['chart inspect', 'chart info'],
    group: 'Charts',
    summary: 'what a chart is, or its values, README, schema or metainfo',
    notes: ['PART is values, readme, schema, metainfo or all; it is printed as it stands.'],
    examples: [
      ['walmctl chart show examples/zookeeper', 'what it is, and where it is installed'],
      ['walmctl chart show examples/zookeeper values', 'its values, with their comments'],
      ['walmctl chart show examples/zookeeper schema --version ~1.0', 'of a version'],
      ['walmctl chart show ./web', 'of a folder or an archive that is here'],
    ],
    arguments: [{ name: 'CHART', required: true, completer: 'chart' }, { name: 'PART' }],
    flags: [chartVersion],
  },
  {
    name: 'chart lint',
    aliases: ['lint'],
    group: 'Charts',
    summary: 'find the faults of a chart that is here',
    notes: [
      'The server judges archive, schema and metainfo, and what the chart renders to',
      'with its defaults and each values file below ci/. Exit 1 if there is an error.',
    ],
    examples: [
      ['walmctl chart lint ./web', 'a folder or a .tgz'],
      ['walmctl chart lint ./web --strict -o json', 'warnings count, too; as the API has it'],
    ],
    arguments: [{ name: 'PATH', completer: 'file' }],
    flags: [
      { name: 'strict', kind: 'switch', summary: 'exit 1 for warnings, too' },
      { name: 'chart-path', kind: 'text', value: 'PATH', summary: 'the chart, as the original walmctl has it' },
      { name: 'kubeconfig', kind: 'text', value: 'FILE', summary: 'accepted for the original; not needed' },
    ],
  },
  {
    name: 'chart package',
    aliases: ['package'],
    group: 'Charts',
    summary: 'pack the folder of a chart into an archive',
    notes: ['No server is needed. The same files are the same bytes.'],
    examples: [['walmctl chart package ./web -d dist --version 1.2.0', 'dist/web-1.2.0.tgz']],
    arguments: [{ name: 'FOLDER', completer: 'file' }],
    flags: [
      destination,
      { name: 'version', kind: 'text', value: 'VERSION', summary: 'version instead of that in Chart.yaml' },
      { name: 'app-version', kind: 'text', value: 'VERSION', summary: 'appVersion instead of that in Chart.yaml' },
      {
        name: 'chart-path',
        short: 'c',
        kind: 'text',
        value: 'FOLDER',
        summary: 'the folder, for compatibility with the original walmctl',
      },
      {
        name: 'applib',
        kind: 'text',
        value: 'FOLDER',
        completer: 'file',
        summary: 'shared Jsonnet libraries to pack as applib/',
      },
      force,
    ],
  },
  {
    name: 'chart pull',
    group: 'Charts',
    summary: 'save the archive of a chart of a repository',
    examples: [
      ['walmctl chart pull examples/zookeeper -d dist', 'dist/zookeeper-1.0.0.tgz'],
      ['walmctl chart pull examples/zookeeper --untar', 'the folder zookeeper, to be read or changed'],
    ],
    arguments: [{ name: 'CHART', required: true, completer: 'chart' }],
    flags: [
      destination,
      chartVersion,
      { name: 'untar', kind: 'switch', summary: 'unpack it into a new folder' },
      force,
    ],
  },
  {
    name: 'repo list',
    aliases: ['repo ls'],
    group: 'Charts',
    summary: 'chart repositories of the server, and how reading each went',
    examples: [['walmctl repo list', 'those of its configuration, and those that were added']],
  },
  {
    name: 'repo add',
    group: 'Charts',
    summary: 'add a chart repository, or a registry, to the server',
    notes: [
      'Its index is read first. The credential comes from standard input and is in no',
      'answer; it is kept in a Secret of Walm, and every replica has it at once.',
    ],
    examples: [
      ['walmctl repo add bitnami https://charts.bitnami.com/bitnami', 'for everybody who uses this server'],
      ['walmctl repo add own https://charts.example.com --username me --password-stdin', 'with a password'],
      ['walmctl repo add images oci://registry.example.com/charts', 'a registry'],
    ],
    arguments: [
      { name: 'NAME', required: true },
      { name: 'URL', required: true },
    ],
    flags: [
      { name: 'username', kind: 'text', value: 'NAME', summary: 'user for basic authentication' },
      { name: 'password-stdin', kind: 'switch', summary: 'read the password from standard input' },
      { name: 'token-stdin', kind: 'switch', summary: 'read a bearer token from standard input' },
      {
        name: 'repo-ca-file',
        kind: 'text',
        value: 'FILE',
        completer: 'file',
        summary: 'CA certificates for the repository (PEM)',
      },
      { name: 'repo-insecure', kind: 'switch', summary: "do not check the repository's certificate" },
      { name: 'check', kind: 'switch', byDefault: 'true', summary: 'read its index first' },
    ],
  },
  {
    name: 'repo check',
    group: 'Charts',
    summary: 'read the index of a chart repository now',
    notes: ['Exit 1 if it cannot be read.'],
    examples: [['walmctl repo check examples', 'also after charts were published']],
    arguments: [{ name: 'NAME', required: true }],
  },
  {
    name: 'repo remove',
    aliases: ['repo rm', 'repo delete'],
    group: 'Charts',
    summary: 'remove a chart repository that was added',
    notes: ['Releases whose chart came from it run on, and are named.'],
    examples: [['walmctl repo remove bitnami', 'those of the configuration stay']],
    arguments: [{ name: 'NAME', required: true }],
    flags: [{ name: 'ignore-not-found', kind: 'switch', summary: 'succeed if it does not exist' }],
  },
]);
