import type { ClusterEvent } from '../../../contract/schemas/cluster/pod.ts';
import { asNumber, asString, valueAt } from '../json/json-reading.ts';
import { fieldOf, type KubeObject } from '../kube/kube-object.ts';

/** An event of Kubernetes as the API shows it, of the older and of the newer API alike. Times are RFC 3339. */
export function describeEvent(event: KubeObject): ClusterEvent {
  const text = (name: string) => asString(fieldOf(event, name));
  const at = (...path: string[]) => asString(valueAt(fieldOf(event, path[0] ?? ''), ...path.slice(1)));
  const moment = wholeSeconds(text('eventTime')) || event.metadata.creationTimestamp || '';
  const component = at('source', 'component') || text('reportingComponent');
  const host = at('source', 'host') || (at('source', 'component') === '' ? text('reportingInstance') : '');
  return {
    type: text('type'),
    reason: text('reason'),
    message: text('message'),
    from: [component, host].filter((part) => part !== '').join(', '),
    count: Math.max(asNumber(fieldOf(event, 'count'), 0), asNumber(valueAt(fieldOf(event, 'series'), 'count'), 0), 1),
    firstTimestamp: text('firstTimestamp') || moment,
    lastTimestamp: wholeSeconds(at('series', 'lastObservedTime')) || text('lastTimestamp') || moment,
  };
}

/** The newer API has microseconds, the older one does not. */
function wholeSeconds(time: string): string {
  return time.replace(/\.\d+(?=Z$)/, '');
}
