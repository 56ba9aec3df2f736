import { readNames, type Named } from '../arguments/targets.ts';
import { EXIT, worst, type ExitCode } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import type { Call } from '../http/request.ts';
import type { CommandRun } from '../session/command-run.ts';
import { eachOf } from '../session/each-of.ts';
import { agrees } from '../session/question.ts';
import type { Session } from '../session/session.ts';
import { carryOut } from './carry-out.ts';
import { changeSeveral } from './change-several.ts';
import { fateLines, foretell, printFate } from './preview-fate.ts';

/** Deletes releases or projects; on a terminal it says what goes and what stays, and asks. */
export const remove: CommandRun = async (session) => {
  const { line } = session;
  const query = {
    deletePvcs: line.on('delete-pvcs') || undefined,
    hooks: line.given('hooks') ? line.on('hooks') : undefined,
    keepHistory: line.on('keep-history') || undefined,
    ignoreNotFound: line.on('ignore-not-found') || undefined,
  };
  const project = line.text('project');
  if (project !== undefined) {
    if (line.words.length > 0 || line.given('selector')) {
      throw new UsageError('--project names all releases of a project: leave out the names and -l');
    }
    return removeProject(session, await session.namespace(), project, query);
  }
  if (line.words.length === 0) {
    const notes = [
      line.on('delete-pvcs') ? '  their claims are deleted, too: the data is lost' : '  their claims stay',
    ];
    const { deletePvcs } = query;
    return changeSeveral(session, { action: 'delete', done: 'deleted', query: { deletePvcs }, asks: true, notes });
  }
  const names = readNames(line.words, ['release', 'project', 'secret', 'pvc', 'tenant']);
  return worst(await eachOf(session, names, (named) => removeOne(session, named, query)));
};

async function removeOne(session: Session, named: Named, query: NonNullable<Call['query']>): Promise<ExitCode> {
  const namespace = named.namespace ?? (await session.namespace());
  const { name } = named;
  if (named.type === 'project') return removeProject(session, namespace, name, query);
  if (named.type !== 'release') {
    const { removeClusterObject } = await import('./cluster-objects.ts');
    return removeClusterObject(session, named);
  }
  const force = session.line.on('force') || undefined;
  const call = { path: { namespace, release: name }, query: { ...query, force } };
  if (session.line.on('dry-run')) {
    await printFate(session, 'deleteRelease', call);
    return EXIT.done;
  }
  if (session.io.input.isTerminal && !session.line.on('yes')) {
    const lines = fateLines(await foretell(session, 'deleteRelease', call), session);
    if (!(await agrees(session, lines, `delete release ${namespace}/${name}`, true))) return EXIT.answer;
  }
  return carryOut(session, {
    operation: 'deleteRelease',
    call,
    namespace,
    name,
    done: 'deleted',
    leavesRelease: false,
  });
}

async function removeProject(
  session: Session,
  namespace: string,
  name: string,
  { hooks: _hooks, ...query }: NonNullable<Call['query']>,
): Promise<ExitCode> {
  const { line, output } = session;
  const call = { path: { namespace, project: name }, query: { ...query, force: line.on('force') || undefined } };
  const claims = line.on('delete-pvcs') ? '  their claims are deleted, too: the data is lost' : '  their claims stay';
  if (line.on('dry-run')) {
    output.say(`project ${namespace}/${name} and all its releases would be deleted;${claims.replace('  ', ' ')}`);
    return EXIT.done;
  }
  const question = `delete project ${namespace}/${name} with all its releases`;
  if (session.io.input.isTerminal && !(await agrees(session, [claims], question, true))) return EXIT.answer;
  return carryOut(session, {
    operation: 'deleteProject',
    call,
    namespace,
    name,
    isProject: true,
    done: 'deleted',
    leavesRelease: false,
  });
}
