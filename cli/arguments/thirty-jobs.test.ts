import { expect, test } from 'vitest';

import { commandTable } from '../table/command-table.ts';
import { commandHelp } from './help-layout.ts';

/**
 * What somebody who knows helm and kubectl must be able to do by `--help` alone on `make quickstart`, and the lines that do
 * it. Releases are those of the quickstart.
 */
const JOBS: readonly (readonly [job: string, ...lines: string[]])[] = [
  ['is the server reached, as whom', 'walmctl doctor'],
  ['make a namespace the default', 'walmctl config set-context local -n demo'],
  ['what is not ready in all namespaces', 'walmctl list -A --ready=false'],
  ['find a chart and its versions', 'walmctl chart search zoo --versions'],
  ['see its default values with comments', 'walmctl chart show examples/zookeeper values'],
  [
    'install with two values changed, wait until ready',
    'walmctl install zk examples/zookeeper --set replicas=1 --set-string tag=3.9 --wait',
  ],
  ['install wired to another release', 'walmctl install k examples/kafka --depends-on zookeeper=zk'],
  ['install a chart folder into a new namespace', 'walmctl install web ./web -n web --create-namespace'],
  ['see what would be applied', 'walmctl template k examples/kafka -f values.yaml'],
  ['does it fit the quota', 'walmctl template k examples/kafka --resources'],
  ['what would this upgrade change, who would follow', 'walmctl diff kafka --set replicas=3'],
  ['go back by itself if the rollout fails', 'walmctl upgrade kafka --set tag=bad --atomic'],
  ['fail a CI job if anything would change', 'walmctl diff kafka -f values.yaml --summary'],
  ['why is it not ready', 'walmctl status kafka'],
  ['the same down to containers', 'walmctl tree kafka'],
  ['follow the logs of all its pods', 'walmctl logs kafka -f'],
  ['logs of the container that crashed', 'walmctl logs kafka --previous'],
  ['watch what happens in the namespace', 'walmctl events -f'],
  ['who changed it, what between two revisions', 'walmctl history kafka', 'walmctl diff kafka --revision 2..4'],
  ['back to revision 2', 'walmctl rollback kafka 2'],
  ['where does a value come from', 'walmctl values kafka --all --origin'],
  ['did somebody change it by hand', 'walmctl diff kafka --live'],
  ['stop everything of a team, start it again', 'walmctl pause -l team=data', 'walmctl recover -l team=data'],
  ['restart gently', 'walmctl restart kafka --mode rolling'],
  ['who depends on it, delete it safely', 'walmctl deps zookeeper --down', 'walmctl delete zk'],
  ['change it in an editor', 'walmctl edit kafka'],
  ['bring a project to what a file says', 'walmctl plan -f shop.yaml', 'walmctl apply -f shop.yaml'],
  ['names of the releases of a project', 'walmctl list --project shop -o name'],
  ["take over helm's release, copy it elsewhere", 'walmctl adopt old', 'walmctl sync old --to staging'],
  ['which node is full, stop a task', 'walmctl get nodes', 'walmctl get tasks', 'walmctl cancel 5c1e'],
];

test('the thirty jobs stand among the examples of the help', () => {
  expect(JOBS).toHaveLength(30);
  const shown = commandTable.flatMap((command) =>
    commandHelp(command)
      .split('\n')
      .filter((line) => line.startsWith('  walmctl ')),
  );
  const missing = JOBS.flatMap(([, ...lines]) => lines).filter(
    (line) => !shown.some((text) => text === `  ${line}` || text.startsWith(`  ${line}  `)),
  );
  expect(missing).toEqual([]);
});
