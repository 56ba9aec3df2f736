/** The keys of a part of metainfo.yaml, in lower case: they match case-insensitively. `null`: whatever is below. */
export type MetainfoKeys = { readonly [key: string]: MetainfoKeys | null };

const ITEM: MetainfoKeys = { mapkey: null, defaultvalue: null, description: null, type: null, required: null };
const NAMED: MetainfoKeys = { name: null, ...ITEM };
const PROBE: MetainfoKeys = { defined: null, enable: null };

/** The keys that metainfo.yaml may have: the original's, and `outputs`. */
export const METAINFO_KEYS: MetainfoKeys = {
  friendlyname: null,
  categories: null,
  customparams: null,
  outputs: null,
  dependencies: {
    name: null,
    minversion: null,
    maxversion: null,
    dependencyoptional: null,
    aliasconfigvar: null,
    chartname: null,
    type: null,
  },
  params: NAMED,
  plugins: { name: null, version: null, args: null, disable: null },
  roles: {
    name: null,
    description: null,
    type: null,
    baseconfig: { image: ITEM, priority: ITEM, replicas: ITEM, env: ITEM, usehostnetwork: ITEM, others: NAMED },
    resources: {
      limitscpu: ITEM,
      limitsmemory: ITEM,
      limitsgpu: ITEM,
      requestscpu: ITEM,
      requestsmemory: ITEM,
      requestsgpu: ITEM,
      storageresources: NAMED,
    },
    healthchecks: { readinessprobe: PROBE, livenessprobe: PROBE },
  },
};
