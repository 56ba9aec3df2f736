/** Kinds that Kubernetes withdrew without a successor: `apiVersion kind` → what to do instead. */
export const withdrawnKinds: Readonly<Record<string, string>> = {
  ...podSecurityPolicies(),
  'extensions/v1beta1 ThirdPartyResource': 'third-party resources are gone: use a CustomResourceDefinition',
  'settings.k8s.io/v1alpha1 PodPreset': 'pod presets are gone: write what they add into the pod templates',
  'auditregistration.k8s.io/v1alpha1 AuditSink': 'dynamic audit sinks are gone: configure auditing on the API server',
  'batch/v2alpha1 ScheduledJob': 'scheduled jobs are gone: use a CronJob',
};

function podSecurityPolicies(): Record<string, string> {
  const advice =
    'pod security policies are gone: leave it out, and label the namespace with pod-security.kubernetes.io/enforce';
  return { 'extensions/v1beta1 PodSecurityPolicy': advice, 'policy/v1beta1 PodSecurityPolicy': advice };
}
