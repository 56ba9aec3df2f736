import { parseExact } from '../../contract/exact-json.ts';
import { EXIT } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import { readChart } from '../files/chart-archive.ts';
import { lintLine, lintSummary } from '../render/lint-lines.ts';
import { listAt, textAt } from '../render/read-value.ts';
import type { CommandRun } from '../session/command-run.ts';

/** Finds the faults of a chart that is here: a line each, exit 1 if there is an error, or with --strict a warning. */
export const lint: CommandRun = async (session) => {
  const { line, output } = session;
  const path = line.words[0] ?? line.text('chart-path') ?? '.';
  if (line.given('kubeconfig')) output.note('--kubeconfig is not needed: the server knows the cluster');
  const source = await readChart(path.includes('/') || path === '.' ? path : `./${path}`);
  if (source.kind !== 'archive') throw new UsageError('chart lint takes a folder or a .tgz');
  const walm = await session.walm();
  const { text } = await walm.call('lintChart', { archive: source.archive });
  const problems = listAt(parseExact(text), 'problems');
  const fails = problems.some((problem) => line.on('strict') || textAt(problem, 'severity') === 'error');
  if (!(await output.data(text))) {
    for (const problem of problems) output.say(lintLine(problem, output.paint));
    output.note(lintSummary(path, problems));
  }
  return fails ? EXIT.answer : EXIT.done;
};
