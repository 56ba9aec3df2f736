/** Requests of docs/reference/release-request.md, by what they show; a test parses each as the server would. */
export const requestExamples = {
  repository: {
    name: 'zookeeper-test',
    repoName: 'qa',
    chartName: 'zookeeper',
    chartVersion: '6.1.0',
  },
  image: { name: 'zookeeper-test', chartImage: 'registry.example.com/charts/zookeeper:6.1.0' },
  values: {
    name: 'zookeeper-test',
    repoName: 'qa',
    chartName: 'zookeeper',
    configValues: { appConfig: { zookeeper: { replicas: 3, resources: { memory_limit: '4Gi' } } } },
  },
  params: {
    name: 'zookeeper-test',
    repoName: 'qa',
    chartName: 'zookeeper',
    metaInfoParams: {
      params: [{ name: 'zoo_cfg', value: { tickTime: 9000 } }],
      roles: [
        {
          name: 'zookeeper',
          baseConfig: { image: 'registry.example.com/zookeeper:3.9', replicas: 3, priority: 0, useHostNetwork: false },
          resources: {
            limitsCpu: 2,
            limitsMemory: 4,
            requestsCpu: '500m',
            requestsMemory: 1,
            storageResources: [{ name: 'data', value: { size: 100, storageClass: 'silver' } }],
          },
        },
      ],
    },
  },
  upgrade: {
    name: 'zookeeper-test',
    chartVersion: '6.2.0',
    configValues: { appConfig: { zookeeper: { replicas: 5 } } },
    unset: ['appConfig.zookeeper.image'],
  },
  labels: {
    name: 'zookeeper-test',
    releaseLabels: { 'app.kubernetes.io/version': '6.2.0', 'app.kubernetes.io/managed-by': '' },
  },
  dependencies: {
    name: 'kafka',
    repoName: 'qa',
    chartName: 'kafka',
    dependencies: { zookeeper: 'platform/zookeeper-test', search: '' },
  },
  plugins: {
    name: 'zookeeper-test',
    plugins: [
      { name: 'LabelPod', args: { labelsToAdd: { team: 'data' } } },
      { name: 'NodeAffinity', disable: true },
    ],
  },
  outputs: { name: 'web', repoName: 'qa', chartName: 'web', outputs: { ADDRESS: 'service:web.address' } },
  failure: {
    name: 'web',
    onFailure: 'rollback',
    strategy: { type: 'RollingUpdate', maxSurge: 1, maxUnavailable: '25%' },
  },
} as const;
