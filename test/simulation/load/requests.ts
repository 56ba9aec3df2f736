import type { JsonObject } from '../../../server/domain/json/json.ts';
import type { SimulatedRequest } from '../simulated-api.ts';

type At = { namespace: string; name: string };

/** The body of an install or upgrade, without the name. */
export type Body = { configValues?: JsonObject } & Record<string, unknown>;

/** The values that the chart of the simulated world requires, and further ones. */
export function chartValues({ namespace, name }: At, values: JsonObject): JsonObject {
  return { name, namespace, ...values };
}

/** An install, or an upgrade if the release exists. */
export function install({ namespace, name }: At, body: Body): SimulatedRequest {
  return {
    id: 'installRelease',
    path: { namespace },
    query: { upsert: 'true' },
    body: { name, chartName: 'app', ...body },
  };
}

/** An upgrade of an existing release. */
export function upgrade({ namespace, name }: At, body: Body, query: Record<string, string> = {}): SimulatedRequest {
  return { id: 'upgradeRelease', path: { namespace }, query, body: { name, ...body } };
}

/** A change that needs nothing but its operation. */
export function change(
  id: SimulatedRequest['id'],
  { namespace, name }: At,
  query: Record<string, string> = {},
): SimulatedRequest {
  return { id, path: { namespace, release: name }, query };
}
