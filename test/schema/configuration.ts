import type { SeededServer } from './seeded-server.ts';

/** Places for names of existing objects: parameter or field → list of names, and how often to use it, from 0 to 1. */
const PLACES = {
  'path.namespace': ['namespace', 0.8],
  'path.release': ['release', 0.7],
  'path.project': ['project', 0.7],
  'path.repo': ['repo', 0.8],
  'path.chart': ['chart', 0.8],
  'path.task': ['task', 0.7],
  'query.namespace': ['namespace', 0.7],
  'body.name': ['release', 0.5],
  'body.repoName': ['repo', 0.8],
  'body.chartName': ['chart', 0.8],
  'body.plugins[*].name': ['plugin', 0.7],
} as const satisfies Record<string, readonly [keyof SeededServer['names'], number]>;

/** Checks for every answer: no server error, and nothing that the document does not describe. */
const CHECKS = [
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
] as const;

/**
 * Text of schemathesis.toml: checks, and the names of existing objects. Streams of events are closed after one event.
 */
export function configurationText(names: SeededServer['names'], hooks: string): string {
  const lists = Object.entries(names).map(([name, values]) => `${name} = { values = ${JSON.stringify(values)} }`);
  const places = Object.entries(PLACES).map(
    ([place, [list, probability]]) => `"${place}" = { dictionary = "${list}", probability = ${probability} }`,
  );
  const checks = CHECKS.map((check) => `${check} = { enabled = true }`);
  // A wait that ended before its task (504) is the only documented 5xx status.
  const serverErrors = 'not_a_server_error = { enabled = true, expected-statuses = ["2xx", "3xx", "4xx", "504"] }';
  return `hooks = ${JSON.stringify(hooks)}
max-stream-events = 1
[dictionaries]
${lists.join('\n')}
[parameters]
${places.join('\n')}
[checks]
enabled = false
${serverErrors}
${checks.join('\n')}
[generation]
database = "none"
`;
}
