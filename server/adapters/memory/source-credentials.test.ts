import { describeSourceCredentials } from '../../ports/helm/source-credentials.conformance.ts';
import { createMemorySourceCredentials } from './source-credentials.ts';

describeSourceCredentials('memory', (kept) =>
  Promise.resolve({ credentials: createMemorySourceCredentials({ shop: kept }), namespace: 'shop' }),
);
