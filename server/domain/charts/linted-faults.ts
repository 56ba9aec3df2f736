import type { LintProblem } from '../../../contract/schemas/charts/chart-lint.ts';
import type { ProblemError } from '../errors/problem-error.ts';
import type { JsonObject } from '../json/json.ts';
import { asObjects, asString } from '../json/json-reading.ts';

/** What a chart renders to with one of its values files. */
export interface CaseOutcome {
  readonly file: string;
  readonly faults: readonly Fault[];
  readonly isLeftOut: boolean;
}

interface Fault {
  readonly code: string;
  readonly message: string;
  readonly details: JsonObject;
}

/** A library chart renders nothing, and is none the worse for it. */
const HARMLESS: readonly string[] = ['CHART_NOT_INSTALLABLE'];
/** `(web/templates/a.yaml:3:5)`, and the same without column or brackets, as Go's templates write it. */
const PLACE = /([^\s():<>"']+\/[^\s():<>"']+):(\d+)/;

/** An archive that was refused. */
export function refusedArchive({ code, message, details }: ProblemError): LintProblem {
  const file = /\b(Chart\.yaml|values\.yaml|values\.schema\.json|requirements\.yaml|metainfo\.yaml)\b/.exec(
    message,
  )?.[1];
  const entry = typeof details['entry'] === 'string' ? details['entry'] : '';
  return { severity: 'error', file: entry || (file ?? ''), line: null, path: '', code, message };
}

/**
 * The faults of all cases of chart `name`, each once. With its defaults alone a chart need not render if one of its `ci/`
 * files makes it: those are warnings then.
 */
export function lintedFaults(name: string, cases: readonly CaseOutcome[]): LintProblem[] {
  const found = new Map<string, LintProblem>();
  const rendersWithOther = cases.slice(1).some(({ faults, isLeftOut }) => faults.length === 0 && !isLeftOut);
  for (const [at, { file, faults, isLeftOut }] of cases.entries()) {
    if (isLeftOut) {
      const message = `the chart was not rendered with ${file}: there are too many of these files, or they took too long`;
      found.set(file, { severity: 'warning', file, line: null, path: '', code: 'LINT_LEFT_OUT', message });
    }
    const isOnlyDefaults = at === 0 && rendersWithOther;
    for (const one of faults.flatMap((fault) => problemsOf(name, file, fault))) {
      const key = JSON.stringify([one.code, one.file, one.line, one.path, one.message]);
      const severity = isOnlyDefaults || HARMLESS.includes(one.code) ? 'warning' : 'error';
      if (!found.has(key) || severity === 'error') {
        const withCase =
          one.file === file || HARMLESS.includes(one.code) ? one.message : `with ${file}: ${one.message}`;
        found.set(key, {
          ...one,
          severity: found.get(key)?.severity === 'error' ? 'error' : severity,
          message: withCase,
        });
      }
    }
  }
  return [...found.values()];
}

function problemsOf(name: string, file: string, { code, message, details }: Fault): LintProblem[] {
  const plain = { severity: 'error', code, line: null, path: '' } as const;
  const violations = asObjects(details['violations']);
  if (violations.length > 0) {
    return violations.map((one) => {
      const chart = asString(one['chart']);
      const below = chart === name || chart === '' ? '' : `/${chart}`;
      const path = below + asString(one['path']);
      return { ...plain, file, path, message: `${path || 'the values'}: ${asString(one['message'])}` };
    });
  }
  if (code === 'CHART_SCHEMA_INVALID') {
    return [{ ...plain, file: 'values.schema.json', message }];
  }
  if (code === 'CHART_DEPENDENCIES_MISSING' || code === 'CHART_NOT_INSTALLABLE') {
    return [{ ...plain, file: 'Chart.yaml', message }];
  }
  const given = asString(details['file']);
  if (given !== '') {
    const line = details['line'];
    return [{ ...plain, file: inside(name, given), line: typeof line === 'number' ? line : null, message }];
  }
  const [, where, line] = code === 'TEMPLATE_FAILED' ? (PLACE.exec(message) ?? []) : [];
  return where === undefined
    ? [{ ...plain, file, message }]
    : [{ ...plain, file: inside(name, where), line: Number(line), message }];
}

/** A path inside the chart: Helm's begin with its name. */
function inside(name: string, file: string): string {
  return file.startsWith(`${name}/`) ? file.slice(name.length + 1) : file;
}
