import { joinPages } from '../render/json-list.ts';
import { memberText } from './member-text.ts';

/**
 * The pages of a list as one list, as long as there are more and `goesOn`. `fetch` takes the token of the page before;
 * undefined is the first.
 */
export async function allPages(
  fetch: (next: string | undefined) => Promise<string>,
  goesOn: () => boolean = () => true,
): Promise<string> {
  const pages: string[] = [];
  let next: string | undefined;
  do {
    const text = await fetch(next);
    pages.push(text);
    next = memberText(text, 'continue');
  } while (next !== undefined && goesOn());
  return joinPages(pages);
}
