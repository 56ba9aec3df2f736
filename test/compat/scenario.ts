/** What must be done before a capture is replayed, because the original received requests that were not recorded. */
export type Before =
  | { do: 'send'; method: string; path: string; body?: Record<string, unknown> }
  /** Waits until the release is ready, at that revision, and none of its pods is being deleted. */
  | { do: 'settle'; release: string; revision?: number }
  /** Makes what the original was asked to make by a route that Walm does not have, or what its cluster had. */
  | { do: 'cluster'; method: 'POST' | 'PATCH' | 'DELETE'; path: string; body?: Record<string, unknown> }
  | { do: 'awaitGone'; release: string }
  | { do: 'awaitProject'; project: string }
  /** Waits until a controller of the cluster has given the object this field of its status. */
  | { do: 'awaitStatus'; path: string; field: string };

const ready = (release: string, revision?: number): Before => ({
  do: 'settle',
  release,
  ...(revision !== undefined && { revision }),
});
const gone = (release: string): Before => ({ do: 'awaitGone', release });
const readyProject = (project: string): Before => ({ do: 'awaitProject', project });
const send = (method: string, path: string, body?: Record<string, unknown>): Before => ({
  do: 'send',
  method,
  path: `/api/v1/release/demo${path}`,
  ...(body && { body }),
});
const makeProject = (name: string, query: string, body: Record<string, unknown>): Before => ({
  do: 'send',
  method: 'POST',
  path: `/api/v1/project/demo/name/${name}${query}`,
  body,
});
const addMember = (project: string, body: Record<string, unknown>): Before => ({
  do: 'send',
  method: 'POST',
  path: `/api/v1/project/demo/name/${project}/instance`,
  body,
});
const deleteProject = (name: string): Before => ({
  do: 'send',
  method: 'DELETE',
  path: `/api/v1/project/demo/name/${name}`,
});
const cluster = (method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: Record<string, unknown>): Before => ({
  do: 'cluster',
  method,
  path,
  ...(body && { body }),
});
const AMOUNTS = { cpu: '8', memory: '16Gi', pods: '110' };
const NODE: readonly Before[] = [
  cluster('POST', '/api/v1/nodes', {
    metadata: { name: 'node1', labels: { 'kubernetes.io/hostname': 'node1' } },
    // No pods of the other captures may come to it.
    spec: { unschedulable: true },
  }),
  // From then on the sandbox leaves the node's status alone.
  { do: 'awaitStatus', path: '/api/v1/nodes/node1', field: 'addresses' },
  cluster('PATCH', '/api/v1/nodes/node1/status', {
    status: {
      capacity: AMOUNTS,
      allocatable: AMOUNTS,
      addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  }),
];
const TENANT: readonly Before[] = [
  cluster('POST', '/api/v1/namespaces', {
    metadata: { name: 't2', labels: { l: '1', 'multi-tenant': 'tenant-tiller-t2' }, annotations: { a: 'b' } },
  }),
  cluster('POST', '/api/v1/namespaces/t2/resourcequotas', {
    metadata: { name: 'q' },
    spec: {
      hard: {
        'limits.cpu': '4',
        'limits.memory': '8Gi',
        'requests.cpu': '2',
        'requests.memory': '4Gi',
        'requests.storage': '100Gi',
        pods: '10',
      },
    },
  }),
  { do: 'awaitStatus', path: '/api/v1/namespaces/t2/resourcequotas/q', field: 'used' },
];
/** The release that the original called `tl1`: its latency was measured with it. */
const LATENCY = { name: 'tl1', chartName: 'tomcat' };
const PAIR = [
  { name: 'pz', chartName: 'zookeeper' },
  { name: 'pk', chartName: 'kafka' },
];
const EXPLICIT = [
  { name: 'z4', chartName: 'zookeeper' },
  { name: 'k4', chartName: 'kafka', dependencies: { zookeeper: 'zk1' } },
];
const COMMON = { common: 'c', both: 'fromCommon' };

/**
 * The captures that are replayed, in the order in which the original answered them, with the preparations that they
 * need.
 */
export const SCENARIO: readonly { capture: string; before?: readonly Before[] }[] = [
  { capture: '001' },
  { capture: '002' },
  { capture: '004' },
  {
    capture: '005',
    before: [
      cluster('PATCH', '/api/v1/namespaces/demo', { metadata: { labels: { 'multi-tenant': 'tenant-tiller-demo' } } }),
    ],
  },
  { capture: '007' },
  { capture: '010' },
  { capture: '011' },
  { capture: '013' },
  { capture: '014' },
  { capture: '016' },
  { capture: '017' },
  { capture: '019' },
  { capture: '020' },
  { capture: '022' },
  { capture: '023' },
  { capture: '025' },
  { capture: '026' },
  { capture: '028' },
  { capture: '029' },
  { capture: '031', before: [ready('tom1')] },
  { capture: '032' },
  { capture: '034' },
  { capture: '035' },
  { capture: '037', before: [send('POST', '', { name: 'tom1', chartName: 'tomcat' })] },
  { capture: '038', before: [ready('tom1')] },
  { capture: '040' },
  { capture: '041' },
  { capture: '043' },
  { capture: '044', before: [ready('tom1')] },
  { capture: '046' },
  { capture: '047' },
  { capture: '049' },
  { capture: '050', before: [ready('tom1')] },
  { capture: '052' },
  { capture: '053' },
  { capture: '055' },
  { capture: '056' },
  { capture: '058' },
  { capture: '059' },
  { capture: '061' },
  { capture: '062' },
  { capture: '064' },
  { capture: '065' },
  { capture: '067', before: [send('POST', '/name/tom1/recover')] },
  { capture: '068' },
  { capture: '070' },
  { capture: '071' },
  { capture: '073' },
  { capture: '074', before: [ready('ka1')] },
  {
    capture: '076',
    before: [
      send('PUT', '', {
        name: 'zk1',
        chartName: 'zookeeper',
        configValues: { appConfig: { zookeeper: { replicas: 3 } } },
      }),
      ready('zk1'),
      ready('ka1', 2),
    ],
  },
  { capture: '077' },
  { capture: '079', before: [send('PUT', '', { name: 'ka1', chartName: 'kafka', dependencies: { zookeeper: '' } })] },
  { capture: '080' },
  { capture: '082' },
  { capture: '083' },
  { capture: '085' },
  { capture: '086' },
  { capture: '088' },
  { capture: '089' },
  { capture: '091' },
  { capture: '092' },
  { capture: '094' },
  { capture: '095' },
  { capture: '097' },
  { capture: '098' },
  { capture: '100' },
  { capture: '101' },
  { capture: '103' },
  { capture: '104' },
  { capture: '106' },
  { capture: '107' },
  { capture: '109' },
  { capture: '110' },
  { capture: '112' },
  { capture: '113' },
  { capture: '115' },
  { capture: '116' },
  { capture: '118' },
  { capture: '119' },
  { capture: '121', before: [send('PUT', '', { name: 'viaput', chartName: 'tomcat' }), ready('viaput')] },
  { capture: '122' },
  { capture: '124' },
  { capture: '125', before: [ready('as1')] },
  { capture: '127', before: [send('DELETE', '/name/as1?async=true')] },
  { capture: '128', before: [gone('as1')] },
  { capture: '130' },
  { capture: '131' },
  { capture: '133', before: [makeProject('p1', '', { commonValues: COMMON, releases: PAIR })] },
  { capture: '134', before: [readyProject('p1')] },
  { capture: '136' },
  { capture: '137' },
  { capture: '139', before: [addMember('p1', { name: 'pt', chartName: 'tomcat' })] },
  { capture: '140' },
  { capture: '142' },
  { capture: '145' },
  { capture: '148' },
  { capture: '149' },
  { capture: '151' },
  { capture: '152' },
  {
    capture: '155',
    before: [makeProject('p3', '?async=true', { releases: [{ name: 'p3z', chartName: 'zookeeper' }] })],
  },
  { capture: '154' },
  { capture: '157', before: [makeProject('p4', '', { releases: EXPLICIT })] },
  { capture: '158' },
  { capture: '160' },
  { capture: '161' },
  { capture: '163' },
  { capture: '164' },
  { capture: '166', before: NODE },
  { capture: '167' },
  { capture: '169' },
  { capture: '170' },
  { capture: '172' },
  { capture: '173' },
  { capture: '175' },
  { capture: '176' },
  { capture: '178' },
  { capture: '179' },
  { capture: '181' },
  { capture: '184' },
  { capture: '185' },
  { capture: '187' },
  { capture: '188' },
  { capture: '190' },
  { capture: '191' },
  { capture: '193' },
  { capture: '194' },
  { capture: '196' },
  { capture: '197' },
  { capture: '199', before: TENANT },
  { capture: '200' },
  {
    capture: '202',
    before: [{ do: 'send', method: 'PUT', path: '/api/v1/tenant/t2', body: { tenantLabels: { l: '2' } } }],
  },
  { capture: '203' },
  { capture: '205' },
  { capture: '206' },
  { capture: '208' },
  { capture: '209' },
  { capture: '211' },
  { capture: '214' },
  { capture: '215' },
  { capture: '217' },
  { capture: '218' },
  { capture: '220' },
  { capture: '221' },
  { capture: '223' },
  { capture: '224' },
  { capture: '226' },
  { capture: '227' },
  { capture: '229' },
  { capture: '230', before: [send('POST', '', { name: 'to1', chartName: 'zookeeper' }), ready('to1')] },
  { capture: '232' },
  { capture: '233' },
  { capture: '235' },
  { capture: '236' },
  { capture: '238' },
  { capture: '241', before: [deleteProject('pp'), send('POST', '', LATENCY)] },
  { capture: '242' },
  { capture: '244' },
  { capture: '245' },
  { capture: '247' },
];
