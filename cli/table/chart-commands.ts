import { commands } from './command.ts';

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
    flags: [{ name: 'versions', kind: 'switch', summary: 'all versions, not only the newest' }],
  },
  {
    name: 'chart search',
    group: 'Charts',
    summary: 'charts of all repositories by words',
    notes: ['A repository that does not answer is a warning.'],
    examples: [['walmctl chart search zoo', 'in names, keywords and descriptions']],
    arguments: [{ name: 'WORD', many: true }],
    flags: [{ name: 'max', kind: 'number', value: 'N', byDefault: '50', summary: 'at most so many' }],
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
    ],
    arguments: [{ name: 'CHART', required: true, completer: 'chart' }, { name: 'PART' }],
    flags: [
      {
        name: 'version',
        kind: 'text',
        value: 'RANGE',
        byDefault: 'the newest',
        summary: 'version of the chart, or a range such as ~6.1',
      },
    ],
  },
  {
    name: 'repo list',
    aliases: ['repo ls'],
    group: 'Charts',
    summary: 'chart repositories of the server, and how reading each went',
    examples: [['walmctl repo list', 'they are defined in its configuration']],
  },
]);
