import { Type, type Static } from 'typebox';
import { problemCatalogue } from './catalogue.ts';

/** The stable code of an error. */
export type ProblemCode = keyof typeof problemCatalogue;

/** Whether a text (from the engine, from another version of Walm) is a code of this catalogue. */
export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(problemCatalogue, text);
}

/** The body of every error response (decision 21: the body of an error). */
export const ProblemBody = Type.Object(
  {
    errorCode: Type.Literal(-1, { description: 'Always -1, as the documentation of the original Walm says.' }),
    errCode: Type.Literal(-1, { description: 'Always -1, as the original Walm answered.' }),
    errMessage: Type.String({ description: 'What happened, to which object, why, and what to do about it.' }),
    code: Type.String({ description: 'Stable code; see the list of errors.' }),
    requestId: Type.String({
      description: 'Id of the request; the server log has it on every line about the request.',
    }),
    details: Type.Unsafe<Record<string, unknown>>({
      type: 'object',
      description: 'More facts, depending on the code: fields of the request, the object, sizes and limits.',
    }),
  },
  { $id: 'Problem', description: 'An error.' },
);
export type ProblemBody = Static<typeof ProblemBody>;
