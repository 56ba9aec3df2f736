import type { FastifyRequest } from 'fastify';
import { RELEASES } from '../../contract/access.ts';
import type { Operation } from '../../contract/operation.ts';
import { questionOf } from '../domain/access-question.ts';
import type { Caller } from '../domain/caller.ts';
import { releaseKey } from '../domain/release-key.ts';
import { checkReleaseName } from '../domain/release-name.ts';
import type { Task } from '../domain/task.ts';
import type { Authorization } from '../services/access/authorization.ts';

/** How the server knows its callers. */
export interface AccessParts {
  /**
   * Who sends a request with this header `Authorization`; null instead of a function: everybody may do everything, so
   * that nobody but this machine may be heard. @throws ProblemError UNAUTHENTICATED, CLUSTER_UNREACHABLE
   */
  readonly identify: ((authorization: string | undefined) => Promise<Caller>) | null;
  readonly authorization: Authorization;
  readonly findTask: (id: string) => Promise<Pick<Task, 'namespace' | 'release'> | null>;
}

/** What a request names. */
export interface Named {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** The release that the body names. */
  readonly release?: string | undefined;
}

/** Asks who is calling one operation, and whether they may. */
export interface AccessCheck {
  /** True: whether the caller may can be told only when the body is read, which names the release. */
  readonly needsBody: boolean;
  /** Null is Walm's own identity. @throws ProblemError UNAUTHENTICATED, CLUSTER_UNREACHABLE */
  identify(request: FastifyRequest): Promise<Caller | null>;
  /** @throws ProblemError FORBIDDEN, CLUSTER_UNREACHABLE, RELEASE_NAME_INVALID where the body has to name a release */
  demand(caller: Caller | null, named: Named): Promise<void>;
}

/** `row` describes the operation. */
export function createAccessCheck({ access, path: pattern, body }: Operation, parts: AccessParts): AccessCheck {
  const { identify, authorization, findTask } = parts;

  const needsBody =
    access.kind === 'rights' &&
    body !== undefined &&
    !/\{(release|project)\}/.test(pattern) &&
    access.rights.some(({ verb }) => verb !== 'create' && verb !== 'list');

  return {
    needsBody,

    async identify({ headers }) {
      return identify === null || access.kind === 'open' ? null : identify(headers.authorization);
    },

    async demand(caller, { path, query, release }) {
      if (caller === null) {
        return;
      }
      const { namespace = '', release: name = needsBody ? checkReleaseName(release) : '' } = path;
      switch (access.kind) {
        case 'open':
        case 'token':
          return;
        case 'rights':
          return authorization.demand(
            caller,
            access.rights.map((right) => questionOf(right, namespace, right.group === RELEASES.group ? name : '')),
          );
        case 'visible': {
          const wanted = query['namespace'];
          const isOne = typeof wanted === 'string' && wanted !== '';
          return isOne ? authorization.demandRelease(caller, 'list', releaseKey(wanted, '')) : undefined;
        }
        case 'task': {
          const task = await findTask(path['task'] ?? '');
          // Of one that does not exist the operation itself says so.
          return task === null
            ? undefined
            : authorization.demandRelease(caller, access.right.verb, releaseKey(task.namespace, task.release));
        }
        default:
          return access satisfies never;
      }
    },
  };
}
