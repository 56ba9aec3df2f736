import type { JsonObject } from '../json/json.ts';
import { asString } from '../json/json-reading.ts';
import { type Conversion, NotConvertible } from './conversion.ts';
import { mapList, withDefaults } from './with-defaults.ts';

const GROUP = 'admissionregistration.k8s.io';
const POLICY_VERSIONS = [`${GROUP}/v1alpha1`, `${GROUP}/v1beta1`];

function convertWebhook(webhook: JsonObject): JsonObject {
  const effects = asString(webhook['sideEffects']);
  if (effects !== 'None' && effects !== 'NoneOnDryRun') {
    throw new NotConvertible(
      `its webhook ${asString(webhook['name'])} does not say that it is free of side effects (sideEffects: None or NoneOnDryRun), which ${GROUP}/v1 requires`,
    );
  }
  return withDefaults(webhook, {
    admissionReviewVersions: ['v1beta1'],
    failurePolicy: 'Ignore',
    matchPolicy: 'Exact',
    timeoutSeconds: 30,
  });
}

/** Admission webhooks (withdrawn in 1.22) and policies. */
export const admissionConversions: readonly Conversion[] = [
  ...['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'].map((kind) => ({
    kind,
    from: [`${GROUP}/v1beta1`],
    to: [`${GROUP}/v1`],
    convert: (object: JsonObject) => mapList(object, 'webhooks', convertWebhook),
  })),
  ...[
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
  ].map((kind) => ({ kind, from: POLICY_VERSIONS, to: [`${GROUP}/v1`, `${GROUP}/v1beta1`] })),
];
