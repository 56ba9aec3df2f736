/** What a caller may read beside releases themselves. Where the type is `ReadableContent | null`, null is everything. */
export interface ReadableContent {
  /** `get configmaps`: what ConfigMaps of the namespace hold. */
  readsConfigMaps(namespace: string): Promise<boolean>;
  /** `list secrets`: what Helm recorded of the namespace's releases. */
  readsRecords(namespace: string): Promise<boolean>;
}
