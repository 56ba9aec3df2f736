import type { ClusterObject } from '../../harness/clients/kube-client.ts';
import type { Move, TenantStage } from '../move.ts';
import { packRecord, readRecord, type RecordContent, recordSecret } from '../record-text.ts';
import { RECORD_SECRET_TYPE } from '../../../server/domain/names/helm-record-name.ts';

const secretsOf = (namespace: string): string => `/api/v1/namespaces/${namespace}/secrets`;

/** Records of the tenant, newest last. */
async function records({ ears, namespace }: TenantStage): Promise<ClusterObject[]> {
  const found = await ears.list(`${secretsOf(namespace)}?labelSelector=owner%3Dhelm`);
  return found.filter((secret) => secret['type'] === RECORD_SECRET_TYPE);
}

/** One of the tenant's records that can be read, or null. */
async function anyRecord(stage: TenantStage): Promise<{ secret: ClusterObject; content: RecordContent } | null> {
  const readable = (await records(stage)).flatMap((secret) => {
    try {
      const content = readRecord(secret);
      return content.info === null || content.info === undefined ? [] : [{ secret, content }];
    } catch {
      return [];
    }
  });
  return readable.length === 0 ? null : stage.random.pick(readable);
}

function write(stage: TenantStage, place: Parameters<typeof recordSecret>[0], release: string): Promise<unknown> {
  const body = recordSecret(place, release);
  return stage.ears.kube('POST', secretsOf(stage.namespace), body);
}

/** Replaces the content of a record. */
function edit(stage: TenantStage, secret: ClusterObject, content: RecordContent): Promise<unknown> {
  const path = `${secretsOf(stage.namespace)}/${secret.metadata.name}`;
  const patch = { data: { release: packRecord(JSON.stringify(content)) } };
  return stage.ears.kube('PATCH', path, patch, 'application/merge-patch+json');
}

/** Objects that would make a tenant an administrator, or that belong to someone else. */
function greedyManifest({ namespace, user, targets, systemNamespace, random }: TenantStage): string {
  const { namespace: other, release } = random.pick(targets);
  const [, , account = '', name = ''] = user.split(':');
  return `---
# Source: x/templates/x.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: "${namespace}-rules"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, namespace: ${account}, name: ${name}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ${release}, namespace: ${other}}
data: {taken: over}
---
apiVersion: v1
kind: Secret
metadata: {name: walm-task-00000000-0000-4000-8000-000000000000, namespace: ${systemNamespace}}
type: walm.io/task.v1
data: {task: AAAA}
---
apiVersion: v1
kind: Namespace
metadata: {name: ${namespace}-more}
`;
}

const ofOthers: Move[] = [
  {
    name: 'forges a record that says it is somebody else’s release',
    async play(stage) {
      const found = await anyRecord(stage);
      const { namespace, release } = stage.random.pick(stage.targets);
      const version = stage.random.between(1, 60);
      if (found === null) return;
      const content = { ...found.content, namespace, name: release, version };
      await write(stage, { name: release, version }, packRecord(JSON.stringify(content)));
    },
  },
  {
    name: 'makes a record of its own say that it is somebody else’s',
    async play(stage) {
      const found = await anyRecord(stage);
      const { namespace, release } = stage.random.pick(stage.targets);
      if (found !== null) await edit(stage, found.secret, { ...found.content, namespace, name: release });
    },
  },
  {
    name: 'writes objects of others and of administrators into a record',
    async play(stage) {
      const found = await anyRecord(stage);
      if (found === null) return;
      const { content, secret } = found;
      await edit(stage, secret, { ...content, manifest: `${content.manifest}\n${greedyManifest(stage)}` });
    },
  },
  {
    name: 'writes a hook that would run elsewhere into a record',
    async play(stage) {
      const found = await anyRecord(stage);
      if (found === null) return;
      const { namespace } = stage.random.pick(stage.targets);
      const manifest = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hooked, namespace: ${namespace}}\n`;
      const events = ['pre-upgrade', 'pre-rollback', 'post-delete'];
      const hook = { name: 'hooked', kind: 'ConfigMap', path: 'x/templates/h.yaml', manifest, events, weight: 0 };
      await edit(stage, found.secret, { ...found.content, hooks: [hook] });
    },
  },
];

const ofTheirOwn: Move[] = [
  {
    name: 'copies a record to another revision',
    async play(stage) {
      const found = await anyRecord(stage);
      if (found === null) return;
      const version = found.content.version + stage.random.between(1, 3);
      const content = { ...found.content, version };
      await write(stage, { name: content.name, version }, packRecord(JSON.stringify(content)));
    },
  },
  {
    name: 'copies a record to another name',
    async play(stage) {
      const found = await anyRecord(stage);
      if (found === null) return;
      const name = stage.random.pick(stage.releases);
      const content = { ...found.content, name };
      await write(stage, { name, version: content.version }, packRecord(JSON.stringify(content)));
    },
  },
  {
    name: 'deletes a record',
    async play(stage) {
      const found = await records(stage);
      if (found.length === 0) return;
      const { name } = stage.random.pick(found).metadata;
      await stage.ears.kube('DELETE', `${secretsOf(stage.namespace)}/${name}`);
    },
  },
  {
    name: 'writes a record that no Helm wrote',
    async play(stage) {
      const { random } = stage;
      const garbage = random.pick([
        packRecord('{"info": null}'),
        packRecord('null'),
        packRecord('[]'),
        packRecord('{"name": 7, "namespace": {}, "version": "x", "manifest": [], "hooks": {}}'),
        packRecord(`${'['.repeat(20_000)}${']'.repeat(20_000)}`),
        packRecord(JSON.stringify({ name: 'x', info: {}, manifest: '---\na: 1\n'.repeat(20_000) })),
        packRecord(Buffer.alloc(40 * 1024 * 1024)),
        Buffer.from('no base64 at all ✓').toString('base64'),
        Buffer.from('H4sIAAAAAAAA').toString('base64'),
        '',
      ]);
      await write(stage, { name: random.pick(stage.releases), version: random.between(1, 99) }, garbage);
    },
  },
  {
    name: 'changes the labels of a record',
    async play(stage) {
      const found = await records(stage);
      if (found.length === 0) return;
      const { name } = stage.random.pick(found).metadata;
      const labels = { name: stage.random.pick(stage.targets).release, version: `${stage.random.between(1, 9)}` };
      const patch = { metadata: { labels } };
      await stage.ears.kube('PATCH', `${secretsOf(stage.namespace)}/${name}`, patch, 'application/merge-patch+json');
    },
  },
];

/** What a user with the right to Secrets can do to Helm's records of their namespace. */
export const moves: readonly Move[] = [...ofOthers, ...ofTheirOwn];
