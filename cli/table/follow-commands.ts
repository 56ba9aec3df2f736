import { commands } from './command.ts';
import { allNamespaces, RELEASE, selector } from './shared-flags.ts';

/** Commands that go on for as long as something happens. */
export const followCommands = commands([
  {
    name: 'logs',
    aliases: ['log'],
    group: 'Follow',
    summary: 'logs of all pods of a release, or of one pod',
    notes: [
      'Lines are prefixed with pod[container] where there are several. With -f new',
      'pods are followed as they come, and broken connections resume where they',
      'stopped. What containers write is shown as it is: secrets in it, too.',
    ],
    examples: [
      ['walmctl logs kafka -f', 'follow all its pods until Ctrl-C'],
      ['walmctl logs kafka --previous', 'of containers that crashed, before their last restart'],
      ['walmctl logs kafka --since 10m --grep ERROR', 'what went wrong in the last minutes'],
      ['walmctl logs pod/kafka-0 -c kafka --tail -1', 'everything of one container'],
    ],
    arguments: [RELEASE],
    flags: [
      { name: 'follow', short: 'f', kind: 'switch', summary: 'keep following until Ctrl-C' },
      {
        name: 'tail',
        kind: 'text',
        value: 'N',
        byDefault: '200',
        summary: 'lines from the end of each log; -1 is all',
      },
      { name: 'since', kind: 'duration', value: 'TIME', summary: 'only what was written in this time' },
      { name: 'previous', short: 'p', kind: 'switch', summary: 'of the container before its last restart' },
      { name: 'container', short: 'c', kind: 'text', value: 'NAME', summary: 'only containers of this name' },
      {
        name: 'all-containers',
        kind: 'switch',
        byDefault: 'true',
        summary: 'all containers of each pod, not only its default one',
      },
      { name: 'pod', kind: 'list', value: 'NAME', completer: 'pod', summary: 'only this pod; may be repeated' },
      { name: 'timestamps', kind: 'switch', summary: 'begin each line with its time' },
      { name: 'grep', kind: 'text', value: 'PATTERN', summary: 'only lines that match this regular expression' },
      { name: 'max-pods', kind: 'number', value: 'N', byDefault: '20', summary: 'maximum number of pods' },
    ],
  },
  {
    name: 'wait',
    group: 'Follow',
    summary: 'wait until releases or projects are ready, or a task ended',
    notes: [
      'Ends early (exit 8) when the release cannot become ready any more; exit 7 after',
      'the timeout, with what is missing.',
    ],
    examples: [
      ['walmctl wait kafka', 'until it is ready'],
      ['walmctl wait -l team=platform --timeout 20m', 'until all of these are'],
      ['walmctl wait kafka --for deleted', 'until it is gone'],
      ['walmctl wait project/shop', 'until all its releases are'],
      ['walmctl wait task/5c1e', 'until a change has ended'],
    ],
    arguments: [{ name: 'NAME', many: true, completer: 'release' }],
    flags: [
      {
        name: 'for',
        kind: 'text',
        value: 'WHAT',
        byDefault: 'ready',
        summary: 'ready, deleted, paused, revision=N, task',
      },
      selector,
      { name: 'timeout', kind: 'duration', value: 'TIME', byDefault: '10m', summary: 'how long to wait at most' },
      { name: 'fail-fast', kind: 'switch', byDefault: 'true', summary: 'stop as soon as it cannot become ready' },
    ],
  },
  {
    name: 'events',
    group: 'Follow',
    summary: "what happens to releases, with Kubernetes' events",
    notes: [
      'Without -f what is known now: the state of each release, the newest tasks, and',
      "of a named release Kubernetes' events, the newest last; ! marks warnings.",
    ],
    examples: [
      ['walmctl events -f', 'follow what happens in the namespace'],
      ['walmctl events kafka -f', "of one release, with Kubernetes' events"],
      ['walmctl events --type kube --since 10m', "Kubernetes' events of all its releases"],
      ['walmctl events -A -f --type task -o json', 'changes, one JSON object a line'],
    ],
    arguments: [{ name: 'NAME', completer: 'release' }],
    flags: [
      { name: 'follow', short: 'f', kind: 'switch', summary: 'keep following until Ctrl-C' },
      { name: 'watch', short: 'w', kind: 'switch', summary: 'the same, as kubectl calls it' },
      allNamespaces,
      {
        name: 'type',
        kind: 'list',
        value: 'TYPE,…',
        byDefault: 'release,task; kube of a NAME',
        summary: 'release, task, kube',
      },
      { name: 'since', kind: 'duration', value: 'TIME', summary: 'only what happened in this time' },
    ],
  },
]);
