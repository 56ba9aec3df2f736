import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Operation } from '../../../contract/operations/parts/operation.ts';
import type { ProblemCode } from '../../../contract/problems/problem.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { AuditEntry, AuditLog } from '../../ports/runtime/audit-log.ts';

/** Facts about a request that become known while it is processed. */
interface RequestFacts {
  caller?: Caller | null;
  code?: ProblemCode;
  /** Name of the release, of the Secret or of the repository, if the path does not contain it. */
  release?: string;
  secret?: string;
  repository?: string;
  /** The request is a preview. */
  preview?: boolean;
}

/** Writes the audit log of one operation; nothing for operations that neither change anything nor show secrets. */
export interface RequestAudit {
  note(request: FastifyRequest, facts: RequestFacts): void;
  /** To be called when the response is sent. */
  write(request: FastifyRequest, reply: FastifyReply): void;
}

/** Whether calls of an operation are written down: those that change something, and reads of secrets. */
function isAudited({ audited, method, path }: Operation): boolean {
  if (audited === true) {
    return true;
  }
  return method !== 'GET' && !path.includes('/dryrun') && !path.endsWith('/preview');
}

/** `id` names the operation. */
export function createRequestAudit(id: string, row: Operation, audit: AuditLog): RequestAudit {
  const known = new WeakMap<FastifyRequest, RequestFacts>();
  return {
    note: (request, facts) => void known.set(request, { ...known.get(request), ...facts }),
    write(request, reply) {
      const facts = known.get(request) ?? {};
      if (isAudited(row) && facts.preview !== true) {
        audit.write(entryOf(id, facts, request, reply));
      }
    },
  };
}

function entryOf(what: string, facts: RequestFacts, request: FastifyRequest, reply: FastifyReply): AuditEntry {
  const {
    namespace,
    release = facts.release,
    project,
    task: named,
    secret = facts.secret,
    node,
    pod,
    claim,
    tenant,
    repo: repository = facts.repository,
  } = request.params as Partial<Record<string, string>>;
  const task = reply.getHeader('walm-task-id')?.toString() ?? named;
  return {
    event: 'request',
    who: facts.caller?.user ?? null,
    ...(facts.caller && { groups: facts.caller.groups }),
    what,
    ...(namespace !== undefined && { namespace }),
    ...(release !== undefined && { release }),
    ...(project !== undefined && { project }),
    ...(task !== undefined && { task }),
    ...(secret !== undefined && { secret }),
    ...(node !== undefined && { node }),
    ...(pod !== undefined && { pod }),
    ...(claim !== undefined && { claim }),
    ...(tenant !== undefined && { tenant }),
    ...(repository !== undefined && { repository }),
    result: resultOf(reply.statusCode, facts.code),
    ...(facts.code !== undefined && { code: facts.code }),
    status: reply.statusCode,
    requestId: request.id,
    durationMs: Math.round(reply.elapsedTime),
  };
}

function resultOf(status: number, code: ProblemCode | undefined): AuditEntry['result'] {
  if (code === undefined) {
    return status === 202 ? 'accepted' : 'succeeded';
  }
  return status < 500 || code === 'NOT_READY' ? 'refused' : 'failed';
}
