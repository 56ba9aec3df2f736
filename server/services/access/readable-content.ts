/** What a caller may read besides the releases themselves. In `ReadableContent | null`, null means everything. */
export interface ReadableContent {
  /** The right `get configmaps`: to read the contents of ConfigMaps of the namespace. */
  readsConfigMaps(namespace: string): Promise<boolean>;
  /** The right `list secrets`: to read what Helm recorded of the releases of the namespace. */
  readsRecords(namespace: string): Promise<boolean>;
}
