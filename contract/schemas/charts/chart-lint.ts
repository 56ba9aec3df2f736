import { Type, type Static } from 'typebox';
import { described, nullable } from '../json.ts';

/** One finding of lintChart. */
export const LintProblem = Type.Object(
  {
    severity: Type.Union([Type.Literal('error'), Type.Literal('warning')]),
    file: Type.String({ description: 'Inside the chart; empty: the archive as a whole.' }),
    line: described(nullable(Type.Integer()), 'Of the file, counted from 1; null if unknown.'),
    path: Type.String({
      description:
        'Place in metainfo.yaml, such as `roles[0].name`, or JSON pointer into the values; empty if there is none.',
    }),
    code: Type.String({ description: 'Stable. An error of installing the chart has the code of that.' }),
    message: Type.String(),
  },
  { $id: 'LintProblem' },
);
export type LintProblem = Static<typeof LintProblem>;

/** What is wrong with a chart. */
export const ChartLint = Type.Object(
  {
    ok: Type.Boolean({ description: 'Whether there is no error; there may be warnings.' }),
    problems: Type.Array(LintProblem, { description: 'Errors first.' }),
  },
  { $id: 'ChartLint' },
);
export type ChartLint = Static<typeof ChartLint>;
