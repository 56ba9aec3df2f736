import { stringifyExact } from '../../contract/exact-json.ts';
import { EXIT } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import type { CommandRun } from '../session/command-run.ts';
import type { Session } from '../session/session.ts';
import { carryOut } from './carry-out.ts';
import { previewApply } from './preview-apply.ts';
import { readContent, type ReleaseContent } from './release-content.ts';

/** Installs a release, from a repository, an image, a folder or an archive. */
export const install: CommandRun = async (session) => {
  const { line } = session;
  if (!['', 'release', 'rel'].includes(line.words[0] ?? '') && ['project', 'projects'].includes(line.words[0] ?? '')) {
    throw new UsageError('install takes one release', [
      'the API creates projects: walmctl api POST /api/v1/project/NS/name/NAME -f FILE',
    ]);
  }
  const content = named(await readContent(session), session);
  if (content.archive === undefined && content.chart === '' && content.request['chartImage'] === undefined) {
    throw new UsageError(`install ${content.name} needs a chart`, [
      `walmctl install ${content.name} REPO/CHART (or oci://…, a folder, a .tgz, -f REQUEST)`,
      'charts: walmctl chart search WORD',
    ]);
  }
  if (line.on('dry-run')) {
    await previewApply(session, content);
    return EXIT.done;
  }
  const project = line.text('project');
  if (project !== undefined) return addMember(session, content, project);
  return carryOut(session, {
    ...callOf(session, content, 'install'),
    namespace: content.namespace,
    name: content.name,
    done: 'installed',
    leavesRelease: true,
  });
};

/** Installs the release as a member of a project, which is made if it does not exist. */
async function addMember(session: Session, { namespace, name, request, archive }: ReleaseContent, project: string) {
  const { line } = session;
  if (archive !== undefined) {
    throw new UsageError('the chart of a member of a project comes from a repository or an image, not from here');
  }
  const query = {
    waitReady: line.given('wait-ready') ? line.on('wait-ready') : undefined,
    allowMissing: line.on('allow-missing') || undefined,
  };
  return carryOut(session, {
    operation: 'addMember',
    call: { path: { namespace, project }, query, body: stringifyExact(request) ?? '{}' },
    namespace,
    name: project,
    isProject: true,
    done: `has the release ${name} now`,
    leavesRelease: false,
  });
}

/** Changes a release; what the line does not name stays as it is. */
export const upgrade: CommandRun = async (session) => {
  const content = named(await readContent(session), session);
  if (session.line.on('dry-run')) {
    await previewApply(session, content);
    return EXIT.done;
  }
  return carryOut(session, {
    ...callOf(session, content, 'upgrade'),
    namespace: content.namespace,
    name: content.name,
    done: 'upgraded',
    leavesRelease: true,
  });
};

/** A release needs a name; --generate-name makes one of the chart's. */
function named(content: ReleaseContent, { line, io }: Session): ReleaseContent {
  if (content.name !== '') return content;
  if (line.on('generate-name') && content.chart !== '') {
    const name = `${content.chart.toLowerCase()}-${io.uniqueId().slice(0, 6)}`;
    return { ...content, name, request: { ...content.request, name } };
  }
  throw new UsageError(`walmctl ${line.command.name} needs the name of the release`, [
    `examples: walmctl ${line.command.name} --help`,
  ]);
}

function callOf(session: Session, content: ReleaseContent, verb: 'install' | 'upgrade') {
  const { line } = session;
  const query = {
    createNamespace: line.on('create-namespace') || undefined,
    crds: line.text('crds'),
    forceConflicts: line.on('force-conflicts') || undefined,
    waitReady: line.given('wait-ready') ? line.on('wait-ready') : undefined,
    allowMissing: line.on('allow-missing') || undefined,
    wait: line.on('wait') || line.on('atomic') || undefined,
    ...(verb === 'upgrade' && {
      upsert: line.on('install') || undefined,
      recreate: line.text('recreate'),
      hooks: line.given('hooks') ? line.on('hooks') : undefined,
    }),
  };
  const body = stringifyExact(content.request) ?? '{}';
  const path = { namespace: content.namespace };
  if (content.archive === undefined) {
    return { operation: `${verb}Release` as const, call: { path, query, body } };
  }
  return {
    operation: `${verb}ReleaseWithChart` as const,
    call: { path, query, body, release: content.name, archive: content.archive },
  };
}
