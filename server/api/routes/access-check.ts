import type { FastifyRequest } from 'fastify';
import { type Place, RELEASES, type Right } from '../../../contract/schemas/access.ts';
import type { Operation } from '../../../contract/operations/parts/operation.ts';
import { questionOf } from '../../domain/access/access-question.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import { releaseKey } from '../../domain/names/release-key.ts';
import { checkReleaseName } from '../../domain/names/release-name.ts';
import type { Task } from '../../domain/tasks/task.ts';
import type { Authorization } from '../../services/access/authorization.ts';

/** How the server authenticates and authorizes callers. */
export interface AccessParts {
  /**
   * Identifies the caller by the header `Authorization`; null instead of a function: everyone may do everything, so the
   * server accepts only connections of this machine.
   * @throws ProblemError UNAUTHENTICATED, CLUSTER_UNREACHABLE
   */
  readonly identify: ((authorization: string | undefined) => Promise<Caller>) | null;
  readonly authorization: Authorization;
  /** Walm's own namespace. */
  readonly systemNamespace: string;
  readonly findTask: (id: string) => Promise<Pick<Task, 'namespace' | 'release'> | null>;
}

/** The objects that a request names. */
export interface Named {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
}

/** Identifies the caller of an operation, and checks its rights. */
export interface AccessCheck {
  /** Null is Walm's own identity. @throws ProblemError UNAUTHENTICATED, CLUSTER_UNREACHABLE */
  identify(request: FastifyRequest): Promise<Caller | null>;
  /**
   * Called before any of the body is read. If only the body names the release, the caller has to have the right on at
   * least one release.
   * @throws ProblemError FORBIDDEN, CLUSTER_UNREACHABLE
   */
  demand(caller: Caller | null, named: Named): Promise<void>;
  /**
   * Checks the rest once the body is read: the right on the release that it names, if the path names none.
   * @throws ProblemError FORBIDDEN, CLUSTER_UNREACHABLE, RELEASE_NAME_INVALID
   */
  demandNamed(caller: Caller | null, named: Pick<Named, 'path'> & { release?: string | undefined }): Promise<void>;
}

/** Null without a token that the cluster accepts. @throws ProblemError CLUSTER_UNREACHABLE, TOO_MANY_TOKENS */
async function callerIfKnown(
  identify: NonNullable<AccessParts['identify']>,
  authorization: string | undefined,
): Promise<Caller | null> {
  if (authorization === undefined) {
    return null;
  }
  try {
    return await identify(authorization);
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'UNAUTHENTICATED') {
      return null;
    }
    throw error;
  }
}

/** `row` describes the operation. */
export function createAccessCheck({ access, path: pattern, body }: Operation, parts: AccessParts): AccessCheck {
  const { identify, authorization, findTask, systemNamespace } = parts;

  const needsBody =
    access.kind === 'rights' &&
    body !== undefined &&
    (access.at === undefined
      ? !/\{(release|project)\}/.test(pattern) && access.rights.some(({ verb }) => verb !== 'create' && verb !== 'list')
      : access.at.namedByBody === true);

  const questions = (rights: readonly Right[], namespace: string, name: string) =>
    rights.map((right) => questionOf(right, namespace, right.group === RELEASES.group ? name : ''));

  /** The questions about objects other than releases; the path names them. */
  const questionsAt = (rights: readonly Right[], at: Place, path: Named['path'], inBody = '') => {
    const named = (parameter: string | null | undefined) => (parameter ? (path[parameter] ?? '') : '');
    const name = named(at.name) || inBody;
    const full = name === '' ? '' : `${at.prefix ?? ''}${name}`;
    const namespace = at.own === true ? systemNamespace : named(at.namespace);
    return rights.map((right) => questionOf(right, namespace, full));
  };

  return {
    async identify({ headers }) {
      if (identify === null || (access.kind === 'open' && access.identifies !== true)) {
        return null;
      }
      return access.kind === 'open' ? callerIfKnown(identify, headers.authorization) : identify(headers.authorization);
    },

    async demandNamed(caller, { path, release }) {
      if (caller !== null && needsBody && access.kind === 'rights') {
        const { rights, at } = access;
        const asked =
          at === undefined
            ? questions(rights, path['namespace'] ?? '', checkReleaseName(release))
            : questionsAt(rights, at, path, release);
        await authorization.demand(caller, asked);
      }
    },

    async demand(caller, { path, query }) {
      if (caller === null) {
        return;
      }
      const { namespace = '', release: name = '' } = path;
      switch (access.kind) {
        case 'open':
        case 'token':
          return;
        case 'rights':
          if (access.at !== undefined) {
            const asked = questionsAt(access.rights, access.at, path);
            return needsBody ? authorization.demandSome(caller, asked) : authorization.demand(caller, asked);
          }
          return needsBody
            ? authorization.demandSome(caller, questions(access.rights, namespace, ''))
            : authorization.demand(caller, questions(access.rights, namespace, name));
        case 'create-or-update':
          // Whether the release exists is found out by the use case, which demands the right that it takes.
          return authorization.demandEither(caller, [
            questionOf({ verb: 'create', ...RELEASES }, namespace),
            questionOf({ verb: 'update', ...RELEASES }, namespace),
          ]);
        case 'visible': {
          const wanted = query['namespace'];
          const isOne = typeof wanted === 'string' && wanted !== '';
          return isOne ? authorization.demandRelease(caller, 'list', releaseKey(wanted, '')) : undefined;
        }
        case 'named-place': {
          const place = query[access.parameter];
          return typeof place === 'string'
            ? authorization.demand(caller, [questionOf(access.right, place)])
            : undefined;
        }
        case 'task': {
          const task = await findTask(path['task'] ?? '');
          // If the task does not exist, the operation itself says so.
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
