import type { JsonValue } from '../../../domain/json/json.ts';
import { asArray, asObject, asObjects, asString } from '../../../domain/json/json-reading.ts';
import { callerOf } from '../../../domain/access/caller.ts';
import type { AccessReviews } from '../../../ports/cluster/access-reviews.ts';
import type { KubeApi } from '../client/kube-api.ts';
import { KubeApiError } from '../client/kube-api-error.ts';
import { problemOf } from '../client/problem-of.ts';
import { resourcePath } from '../client/resource-path.ts';
import { ProblemError } from '../../../domain/errors/problem-error.ts';

const TOKEN_REVIEWS = { group: 'authentication.k8s.io', version: 'v1', plural: 'tokenreviews' };
const ACCESS_REVIEWS = { group: 'authorization.k8s.io', version: 'v1', plural: 'subjectaccessreviews' };
const ACCOUNTS = { group: '', version: 'v1', plural: 'serviceaccounts' };
const RULES_REVIEWS = { group: 'authorization.k8s.io', version: 'v1', plural: 'selfsubjectrulesreviews' };
/** Every request waits for these. */
const TIMEOUT_MS = 10_000;

/**
 * Authentication and authorization by the API server's TokenReview and SubjectAccessReview, which Walm creates as
 * itself.
 */
export function createKubeAccessReviews({ kube }: { kube: Pick<KubeApi, 'create' | 'get'> }): AccessReviews {
  async function review(kind: 'TokenReview' | 'SubjectAccessReview', spec: object) {
    const type = kind === 'TokenReview' ? TOKEN_REVIEWS : ACCESS_REVIEWS;
    const body = { apiVersion: `${type.group}/${type.version}`, kind, spec };
    try {
      const answer = await kube.create(resourcePath(type), body, { timeoutMs: TIMEOUT_MS });
      return asObject(answer['status']);
    } catch (error) {
      throw unasked(kind, error);
    }
  }

  return {
    async identify(token) {
      const status = await review('TokenReview', { token });
      if (status['authenticated'] !== true) {
        return null;
      }
      const { username, groups, uid, extra } = asObject(status['user']);
      return callerOf({
        user: asString(username),
        groups: asArray(groups).map(asString),
        uid: asString(uid),
        extra: Object.fromEntries(
          Object.entries(asObject(extra)).map(([key, values]) => [key, asArray(values).map(asString)]),
        ),
      });
    },
    async allows({ user, groups, uid, extra }, { verb, group, resource, namespace, name }) {
      const [main, subresource] = resource.split('/');
      const resourceAttributes = { verb, group, resource: main, ...(subresource && { subresource }), namespace, name };
      const status = await review('SubjectAccessReview', { user, groups, uid, extra, resourceAttributes });
      return status['allowed'] === true && status['denied'] !== true;
    },
    async allowsSome(caller, { verb, group, resource, namespace }) {
      const body = {
        apiVersion: `${RULES_REVIEWS.group}/${RULES_REVIEWS.version}`,
        kind: 'SelfSubjectRulesReview',
        spec: { namespace },
      };
      try {
        const answer = await kube.create(resourcePath(RULES_REVIEWS), body, { timeoutMs: TIMEOUT_MS, as: caller });
        const { incomplete, resourceRules } = asObject(answer['status']);
        const has = (list: JsonValue | undefined, text: string) =>
          asArray(list).some((one) => one === text || one === '*');
        return (
          incomplete === true ||
          asObjects(resourceRules).some(
            (rule) => has(rule['verbs'], verb) && has(rule['apiGroups'], group) && has(rule['resources'], resource),
          )
        );
      } catch (error) {
        if (error instanceof KubeApiError && error.status === 403) {
          return false;
        }
        throw unasked('SelfSubjectRulesReview', error);
      }
    },
    async accountUid({ namespace, name }) {
      try {
        const { metadata } = await kube.get(resourcePath(ACCOUNTS, namespace, name), { timeoutMs: TIMEOUT_MS });
        return metadata.deletionTimestamp === undefined ? (metadata.uid ?? null) : null;
      } catch (error) {
        if (error instanceof KubeApiError && error.status === 404) {
          return null;
        }
        throw unasked('question about a ServiceAccount', error);
      }
    },
  };
}

/** A failed review says nothing about the caller; the API server's message may repeat the token. */
function unasked(kind: string, error: unknown): unknown {
  if (error instanceof KubeApiError && error.status !== 0) {
    const message = `the cluster does not answer a ${kind} of Walm: HTTP ${error.status} ${error.reason}`;
    return new ProblemError('CLUSTER_UNREACHABLE', message);
  }
  return problemOf(error, { kind, name: '' });
}
