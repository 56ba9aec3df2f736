import { type LabelSelector, parseLabelSelector, SelectorSyntaxError } from '../../../domain/kube/label-selector.ts';
import { problem } from '../../../domain/errors/problem-error.ts';

/** Parses the query parameter `labelselector`; undefined matches everything. Throws QUERY_INVALID. */
export function readSelector(selector: string | undefined): LabelSelector | undefined {
  try {
    return selector === undefined || selector.trim() === '' ? undefined : parseLabelSelector(selector);
  } catch (error) {
    if (error instanceof SelectorSyntaxError) {
      throw problem('QUERY_INVALID', error.message, { parameter: 'labelselector' });
    }
    throw error;
  }
}
