import type { CommandRun } from './session/command-run.ts';
import type { CommandName } from './table/command-table.ts';

const installModule = () => import('./change/install.ts');
const projectsModule = () => import('./change/projects.ts');
const lifecycleModule = () => import('./change/lifecycle.ts');
const manifestModule = () => import('./look/manifest.ts');
const chartsModule = () => import('./look/charts.ts');
const chartFilesModule = () => import('./change/chart-files.ts');
const repositoriesModule = () => import('./change/repositories.ts');
const clusterObjectsModule = () => import('./change/cluster-objects.ts');
const configModule = () => import('./settings/config.ts');
const authModule = () => import('./settings/auth.ts');

/** What carries out each command; loaded when it is called. */
export const commandRuns: Readonly<Record<CommandName, () => Promise<CommandRun>>> = {
  install: async () => (await installModule()).install,
  upgrade: async () => (await installModule()).upgrade,
  edit: async () => (await import('./change/edit.ts')).edit,
  template: async () => (await import('./change/template.ts')).template,
  plan: async () => (await projectsModule()).plan,
  apply: async () => (await projectsModule()).apply,
  export: async () => (await import('./change/export.ts')).exportObjects,
  sync: async () => (await import('./change/sync.ts')).sync,
  delete: async () => (await import('./change/delete.ts')).remove,
  pause: async () => (await lifecycleModule()).pause,
  recover: async () => (await lifecycleModule()).recover,
  restart: async () => (await lifecycleModule()).restart,
  rollback: async () => (await lifecycleModule()).rollback,
  test: async () => (await lifecycleModule()).test,
  adopt: async () => (await lifecycleModule()).adopt,
  detach: async () => (await lifecycleModule()).detach,
  cancel: async () => (await import('./change/cancel.ts')).cancel,
  list: async () => (await import('./look/list.ts')).list,
  get: async () => (await import('./look/get.ts')).get,
  status: async () => (await import('./look/status.ts')).status,
  tree: async () => (await import('./look/tree.ts')).tree,
  deps: async () => (await import('./look/deps.ts')).deps,
  history: async () => (await import('./look/history.ts')).history,
  diff: async () => (await import('./look/diff.ts')).diff,
  values: async () => (await import('./look/values.ts')).values,
  manifest: async () => (await manifestModule()).manifest,
  notes: async () => (await manifestModule()).notes,
  logs: async () => (await import('./look/logs.ts')).logs,
  wait: async () => (await import('./look/wait.ts')).wait,
  events: async () => (await import('./look/events.ts')).events,
  'chart list': async () => (await chartsModule()).listCharts,
  'chart search': async () => (await chartsModule()).searchCharts,
  'chart versions': async () => (await chartsModule()).chartVersions,
  'chart show': async () => (await chartsModule()).showChart,
  'chart lint': async () => (await import('./look/lint.ts')).lint,
  'chart package': async () => (await chartFilesModule()).packageChart,
  'chart pull': async () => (await chartFilesModule()).pullChart,
  'repo add': async () => (await repositoriesModule()).addRepository,
  'repo remove': async () => (await repositoriesModule()).removeRepository,
  'repo check': async () => (await repositoriesModule()).checkRepository,
  'repo list': async () => (await chartsModule()).listRepositories,
  label: async () => (await clusterObjectsModule()).label,
  annotate: async () => (await clusterObjectsModule()).annotate,
  'create secret': async () => (await clusterObjectsModule()).createSecret,
  'create tenant': async () => (await clusterObjectsModule()).createTenant,
  'config view': async () => (await configModule()).view,
  'config get-contexts': async () => (await configModule()).getContexts,
  'config current-context': async () => (await configModule()).currentContext,
  'config use-context': async () => (await configModule()).useContext,
  'config set-context': async () => (await configModule()).setContext,
  'config delete-context': async () => (await configModule()).deleteContext,
  'auth status': async () => (await authModule()).status,
  'auth can-i': async () => (await authModule()).canI,
  doctor: async () => (await import('./settings/doctor.ts')).doctor,
  version: async () => (await import('./settings/version.ts')).version,
  completion: async () => (await import('./complete/completion.ts')).completion,
  api: async () => (await import('./settings/api.ts')).api,
  help: async () => (await import('./settings/help.ts')).help,
};
