/**
 * The documents of a recorded manifest, byte for byte, without Walm's ReleaseConfig and with the namespace's name
 * replaced: two installs of one chart into two namespaces must give equal lists.
 */
export function manifestDocuments(manifest: string, namespace: string): string[] {
  return manifest
    .split(/^---$/m)
    .map((document) => document.replaceAll(namespace, 'NAMESPACE').trim())
    .filter((document) => document !== '' && !isReleaseConfig(document));
}

function isReleaseConfig(document: string): boolean {
  return /^kind: "?ReleaseConfig"?$/m.test(document) || document.includes('"kind":"ReleaseConfig"');
}
