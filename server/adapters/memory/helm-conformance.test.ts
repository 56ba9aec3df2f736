import { asNumber, valueAt } from '../../domain/json/json-reading.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { helmConformance } from '../../ports/helm/helm-engine.conformance.ts';
import { renderWeb } from '../../ports/helm/helm-stage.conformance.ts';
import { createMemoryHelm } from './helm-releases.ts';
import { createManualClock } from './manual-clock.ts';

const DIGEST = 'a'.repeat(64);
let releases = 0;

helmConformance('memory', () => {
  releases += 1;
  const name = `release-${releases}`;
  const helm = createMemoryHelm(createManualClock());

  helm.chart(DIGEST, { name: 'web', version: '1.2.3', render: (values) => renderWeb(name, values) });
  helm.refuse(({ object }) =>
    asNumber(valueAt(object, 'spec', 'replicas')) < 0
      ? problem('MANIFEST_INVALID', 'so few there cannot be')
      : undefined,
  );
  helm.unserve('v1', 'Unheard');
  return {
    helm,
    web: DIGEST,
    target: () => ({ identity: null, namespace: 'demo', name }),
    leave: (target, revision, status) => Promise.resolve(helm.leave(target, revision, status)),
  };
});
