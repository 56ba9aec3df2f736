import { expect, test } from 'vitest';
import { problem } from '../../domain/errors/problem-error.ts';
import type { ChartDetails, LintedCase } from '../../ports/helm/helm-chart.ts';
import { createLintChart } from './lint-chart.ts';

const archive = { digest: 'd', bytes: 1, name: 'web', version: '1', fileName: 'web.tgz' };
const call = { caller: null, signal: new AbortController().signal, requestId: 'r' };

function linter(metainfo: string, cases: LintedCase[] | Error) {
  const metaFiles = { 'metainfo.yaml': new TextEncoder().encode(metainfo) };
  return createLintChart({
    engine: {
      inspectChart: async () => ({ name: 'web', values: {}, metaFiles }) as unknown as ChartDetails,
      lintChart: async () => {
        if (cases instanceof Error) throw cases;
        return cases;
      },
    },
  });
}

test('a sound chart is ok', async () => {
  const lint = linter('friendlyName: Web', [{ file: 'values.yaml', faults: [], isLeftOut: false }]);
  expect(await lint(archive, call)).toEqual({ ok: true, problems: [] });
});

test('errors come before warnings, which leave a chart ok', async () => {
  const text = 'friendlyName: Web\nodd: 1\n';
  expect(await linter(text, [])(archive, call)).toMatchObject({
    ok: true,
    problems: [{ severity: 'warning', line: 2 }],
  });
  const faults = [{ code: 'TEMPLATE_FAILED', message: 'no', details: {} }];
  const both = await linter(text, [{ file: 'values.yaml', faults, isLeftOut: false }])(archive, call);
  expect(both).toMatchObject({ ok: false, problems: [{ severity: 'error' }, { severity: 'warning' }] });
});

test('a refused archive is a finding, and so is a chart that is too large to be described', async () => {
  const refusal = problem('CHART_UNSAFE_PATH', 'it holds ../x');
  expect(await linter('', [])({ ...archive, refusal }, call)).toMatchObject({
    ok: false,
    problems: [{ code: 'CHART_UNSAFE_PATH' }],
  });
  const large = linter('', problem('CHART_TOO_LARGE', 'too large'));
  expect(await large(archive, call)).toMatchObject({ ok: false, problems: [{ code: 'CHART_TOO_LARGE' }] });
});

test('what is not the fault of the chart is an error of the call', async () => {
  for (const code of ['ENGINE_BUSY', 'CHART_NOT_FOUND'] as const) {
    await expect(linter('', problem(code, 'no'))(archive, call)).rejects.toMatchObject({ code });
  }
});
