import type { JsonObject } from '../../../server/domain/json/json.ts';
import type { SimulatedRequest } from '../simulated-api.ts';

type At = { namespace: string; name: string };

/** What the body of an install or upgrade says beside the name. */
export type Body = { configValues?: JsonObject } & Record<string, unknown>;

/** The values that the one chart of the simulated world needs, with others. */
export function chartValues({ namespace, name }: At, values: JsonObject): JsonObject {
  return { name, namespace, ...values };
}

/** An install, or an upgrade where it is there. */
export function install({ namespace, name }: At, body: Body): SimulatedRequest {
  return {
    id: 'installRelease',
    path: { namespace },
    query: { upsert: 'true' },
    body: { name, chartName: 'app', ...body },
  };
}

/** An upgrade of what is there. */
export function upgrade({ namespace, name }: At, body: Body, query: Record<string, string> = {}): SimulatedRequest {
  return { id: 'upgradeRelease', path: { namespace }, query, body: { name, ...body } };
}

/** A change that is named by its operation alone. */
export function change(
  id: SimulatedRequest['id'],
  { namespace, name }: At,
  query: Record<string, string> = {},
): SimulatedRequest {
  return { id, path: { namespace, release: name }, query };
}
