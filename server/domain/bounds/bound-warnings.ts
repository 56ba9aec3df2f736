import type { Warning } from '../../../contract/schemas/warning.ts';
import { MAX_NOTES } from './bounded-list.ts';

/** The warning that stands for omitted warnings. */
function warningsCut(more: number): Warning {
  return { code: 'WARNINGS_CUT', message: `and ${more} more warnings, which are not shown` };
}

/** The first warnings, and the number of further ones: limits how many a task, a revision and an answer contain. */
export function boundWarnings(warnings: readonly Warning[], more = 0): Warning[] {
  const kept = warnings.slice(0, MAX_NOTES);
  const rest = warnings.length - kept.length + more;
  return rest === 0 ? kept : [...kept, warningsCut(rest)];
}
