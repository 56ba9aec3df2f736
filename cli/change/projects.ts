import { writeFileSync } from 'node:fs';

import { parseExact, stringifyExact } from '../../contract/exact-json.ts';
import { EXIT, worst, type ExitCode } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import { isRecord, type JsonObject } from '../files/json-object.ts';
import { readObject, readObjects } from '../files/read-yaml.ts';
import { sniff } from '../files/sniff.ts';
import { changingSteps, planLines, planSummary } from '../render/plan-lines.ts';
import { listAt, textAt } from '../render/read-value.ts';
import type { CommandRun } from '../session/command-run.ts';
import { eachOf } from '../session/each-of.ts';
import { agrees } from '../session/question.ts';
import type { Session } from '../session/session.ts';
import { applyRelease, planRelease, type WantedRelease } from './apply-release.ts';
import { carryOut, changeQuery } from './carry-out.ts';

/** A project as a file says it is to be. */
interface WantedProject {
  readonly kind: 'project';
  readonly namespace: string;
  readonly project: string;
  /** The body of the request. */
  readonly body: string;
  /** The plan that was looked at; undefined: none was kept. */
  readonly digest?: string;
  readonly removes: boolean;
}

/** Shows what would make projects and releases what a file says; nothing is changed. */
export const plan: CommandRun = async (session) => {
  const wanted = await readWanted(session);
  if (session.line.given('out') && wanted.length > 1) throw new UsageError('--out keeps the plan of one project');
  return worst(
    await eachOf(session, wanted, (one) =>
      one.kind === 'release' ? planRelease(session, one) : planProject(session, one),
    ),
  );
};

async function planProject(session: Session, wanted: WantedProject): Promise<ExitCode> {
  const { line, output } = session;
  const text = await fetchPlan(session, wanted);
  const found = parseExact(text);
  const out = line.text('out');
  if (out !== undefined) {
    const kept = { ...wanted, digest: textAt(found, 'digest') };
    // The file may hold secrets of the project.
    writeFileSync(out, `${JSON.stringify(kept)}\n`, { mode: 0o600 });
    output.note(`carry it out: walmctl apply --plan ${out}`);
  }
  if (!(await output.data(text))) printPlan(session, found);
  return line.on('exit-code') && changingSteps(found).length > 0 ? EXIT.answer : EXIT.done;
}

/**
 * Makes projects and releases what a file says: shows the plan, asks on a terminal, and carries out exactly that. The first
 * document that fails ends it.
 */
export const apply: CommandRun = async (session) => {
  const codes: ExitCode[] = [];
  for (const one of await readWanted(session)) {
    codes.push(await (one.kind === 'release' ? applyRelease(session, one) : applyOneProject(session, one)));
  }
  return worst(codes);
};

async function applyOneProject(session: Session, wanted: WantedProject): Promise<ExitCode> {
  const { line, output } = session;
  let { digest } = wanted;
  if (digest === undefined) {
    const text = await fetchPlan(session, wanted);
    const found = parseExact(text);
    const steps = changingSteps(found);
    if (line.on('dry-run')) {
      if (!(await output.data(text))) printPlan(session, found);
      return EXIT.done;
    }
    if (steps.length === 0) {
      output.note(planSummary(found));
      return EXIT.done;
    }
    const removes = steps.some((step) => textAt(step, 'action') === 'remove');
    const lines = [planSummary(found), ...planLines(found).map((text_) => `  ${text_}`)];
    const isSilent = line.on('yes') || !(session.io.input.isTerminal && session.io.err.isTerminal);
    if (isSilent) for (const shown of lines) output.note(shown);
    const question = `apply this to project ${wanted.namespace}/${wanted.project}`;
    if (!(await agrees(session, isSilent ? [] : lines, question, !removes))) return EXIT.answer;
    digest = textAt(found, 'digest');
  } else if (line.on('dry-run')) throw new UsageError('a plan that was kept is carried out: without --dry-run');
  return carryOut(session, {
    operation: 'applyProject',
    call: {
      path: { namespace: wanted.namespace, project: wanted.project },
      query: {
        ...planQuery(session, wanted),
        plan: digest,
        onFailure: line.text('on-failure'),
        wait: line.on('wait') || undefined,
      },
      body: wanted.body,
    },
    namespace: wanted.namespace,
    name: wanted.project,
    isProject: true,
    done: 'applied',
    leavesRelease: false,
  });
}

function printPlan({ output }: Session, found: unknown): void {
  for (const text of planLines(found)) output.say(text);
  output.warn(listAt(found, 'warnings'));
  output.note(planSummary(found));
}

function planQuery(session: Session, { removes }: WantedProject) {
  const { line } = session;
  return {
    ...changeQuery(session, 'applyProject'),
    remove: removes || undefined,
    deletePvcs: line.on('delete-pvcs') || undefined,
    allowMissing: line.on('allow-missing') || undefined,
  };
}

async function fetchPlan(session: Session, wanted: WantedProject): Promise<string> {
  const walm = await session.walm();
  const path = { namespace: wanted.namespace, project: wanted.project };
  const query = { ...planQuery(session, wanted), dryrun: true };
  return (await walm.call('applyProject', { path, query, body: wanted.body })).text;
}

/** What -f holds, or the plan that was kept. @throws UsageError */
async function readWanted(session: Session): Promise<(WantedProject | WantedRelease)[]> {
  const { line } = session;
  const kept = line.command.name === 'apply' ? line.text('plan') : undefined;
  const file = line.text('file');
  if ((kept === undefined) === (file === undefined)) {
    throw new UsageError(
      line.command.name === 'apply' ? 'name a file: -f FILE, or --plan FILE' : 'name a file: -f FILE',
    );
  }
  if (kept !== undefined) return [readKept(await readObject(await session.readInput(kept), kept), kept)];
  const path = file ?? '';
  const documents = await readObjects(await session.readInput(path), path);
  if (documents.length === 0) throw new UsageError(`${path} is empty`);
  return Promise.all(documents.map((content) => readDocument(session, content, path)));
}

async function readDocument(session: Session, content: JsonObject, path: string) {
  const own = session.line.given('namespace') ? '' : textOf(content, 'namespace');
  const namespace = own === '' ? await session.namespace() : own;
  switch (sniff(content)) {
    case 'project': {
      const project = session.line.text('project') ?? textOf(content, 'name');
      if (project === '') throw new UsageError(`${path} does not name the project`, ['name it: --project NAME']);
      const removes = session.line.on('prune');
      return { kind: 'project', namespace, project, body: stringifyExact(content) ?? '{}', removes } as const;
    }
    case 'request': {
      const name = textOf(content, 'name');
      if (name === '') throw new UsageError(`${path} does not name the release`, ['add a line: name: NAME']);
      const { kind: _kind, namespace: _namespace, ...request } = content;
      return { kind: 'release', namespace, name, request } as const;
    }
    case 'values':
    case 'doubt':
      throw new UsageError(`${path} is neither a project nor a release`, [
        'a project has releases: […]; a release has chartName or chartImage',
        'values are for a release: walmctl upgrade NAME --values FILE',
      ]);
  }
}

function textOf(content: JsonObject, key: string): string {
  const value = content[key];
  return typeof value === 'string' ? value : '';
}

/** @throws UsageError unless it is a file that plan wrote */
function readKept(kept: unknown, path: string): WantedProject {
  const text = (key: string): string => (isRecord(kept) ? textOf(kept, key) : '');
  const [namespace, project, body, digest] = [text('namespace'), text('project'), text('body'), text('digest')];
  if (namespace === '' || project === '' || body === '' || digest === '') {
    throw new UsageError(`${path} is not a plan`, ['make one: walmctl plan -f FILE --out PLAN']);
  }
  return { kind: 'project', namespace, project, body, digest, removes: isRecord(kept) && kept['removes'] === true };
}

/** Pauses, recovers or restarts all releases of a project. */
export async function operateProject(
  session: Session,
  operation: 'pauseProject' | 'recoverProject' | 'restartProject',
  { namespace, name, done }: { namespace: string; name: string; done: string },
): Promise<ExitCode> {
  if (session.line.on('dry-run')) throw new UsageError('a project has no preview of this; see walmctl tree');
  const query = operation === 'restartProject' ? { mode: session.line.text('mode') } : {};
  const call = { path: { namespace, project: name }, query };
  return carryOut(session, { operation, call, namespace, name, isProject: true, done, leavesRelease: false });
}
