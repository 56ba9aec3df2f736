import { resolve } from 'node:path';

import { settingsPath, writeSettings, type Context, type ContextAuth } from '../context/settings-file.ts';
import { EXIT } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import type { CommandRun } from '../session/command-run.ts';
import type { Session } from '../session/session.ts';

/** Shows the settings file; a token in it is `***`. */
export const view: CommandRun = async (session) => {
  const settings = await session.settings();
  const contexts = settings.contexts.map((context) =>
    context.auth?.token === undefined ? context : { ...context, auth: { ...context.auth, token: '***' } },
  );
  const json = JSON.stringify({ ...settings, contexts });
  session.output.note(`# ${settingsPath(session.io.env)}`);
  if (await session.output.data(json)) return EXIT.done;
  const { yamlOf } = await import('../render/yaml-text.ts');
  session.output.text(await yamlOf(json));
  return EXIT.done;
};

/** Lists the contexts and marks the present one. */
export const getContexts: CommandRun = async (session) => {
  const { contexts, currentContext } = await session.settings();
  if (contexts.length === 0) {
    session.output.note('no contexts; create one: walmctl config set-context NAME -s URL');
    return EXIT.done;
  }
  if (session.output.format().kind === 'name') {
    for (const { name } of contexts) session.output.say(name);
    return EXIT.done;
  }
  if (await session.output.data(JSON.stringify({ num: contexts.length, items: contexts.map(withoutToken) })))
    return EXIT.done;
  const rows = contexts.map((context) => [
    context.name === currentContext ? '*' : '',
    context.name,
    context.server ?? '',
    context.namespace ?? '',
    sourceOf(context.auth),
  ]);
  session.output.table(['CURRENT', 'NAME', 'SERVER', 'NAMESPACE', 'CREDENTIAL'], rows);
  return EXIT.done;
};

/** Chooses the context of further commands. */
export const useContext: CommandRun = async (session) => {
  const settings = await session.settings();
  const name = nameOf(session);
  if (!settings.contexts.some((context) => context.name === name)) {
    throw new UsageError(`there is no context ${name}`, [`create it: walmctl config set-context ${name} -s URL`]);
  }
  await writeSettings(settingsPath(session.io.env), { ...settings, currentContext: name });
  session.output.say(`context ${name} is the current one now`);
  return EXIT.done;
};

/** Makes or changes a context. The first one becomes the current one. */
export const setContext: CommandRun = async (session) => {
  const { line, io } = session;
  const settings = await session.settings();
  const name = line.on('current') ? currentOf(session, settings.currentContext) : nameOf(session);
  const there = settings.contexts.find((context) => context.name === name);
  const auth = authOf(session) ?? there?.auth;
  const server = line.text('server');
  const namespace = line.text('namespace');
  const caFile = line.text('ca-file');
  const context: Context = {
    ...(there ?? { name, server: 'http://127.0.0.1:9999' }),
    ...(server !== undefined && { server }),
    ...(namespace !== undefined && { namespace }),
    ...(caFile !== undefined && { caFile: resolve(caFile) }),
    ...(line.given('insecure-skip-tls-verify') && { insecureSkipTlsVerify: line.on('insecure-skip-tls-verify') }),
    ...(line.given('allow-http') && { allowHttp: line.on('allow-http') }),
    ...(auth !== undefined && { auth }),
  };
  const contexts =
    there === undefined
      ? [...settings.contexts, context]
      : settings.contexts.map((one) => (one === there ? context : one));
  const currentContext = settings.currentContext ?? name;
  await writeSettings(settingsPath(io.env), { ...settings, currentContext, contexts });
  session.output.say(
    `context ${name} ${there === undefined ? 'created' : 'changed'}${currentContext === name ? '; it is the current one' : ''}`,
  );
  if (currentContext !== name) session.output.note(`use it: walmctl config use-context ${name}`);
  return EXIT.done;
};

/** kubectl's word for the context in use; without one, one is made. */
function currentOf({ line }: Session, current = 'local'): string {
  if (line.words.length > 0) throw new UsageError('name a context or say --current, not both');
  return current;
}

/** Prints the name of the current context. */
export const currentContext: CommandRun = async (session) => {
  const { currentContext: current } = await session.settings();
  if (current === undefined) {
    throw new UsageError('there is no current context', ['create one: walmctl config set-context NAME -s URL']);
  }
  session.output.say(current);
  return EXIT.done;
};

/** Forgets a context. */
export const deleteContext: CommandRun = async (session) => {
  const settings = await session.settings();
  const name = nameOf(session);
  if (!settings.contexts.some((context) => context.name === name)) throw new UsageError(`there is no context ${name}`);
  const { currentContext, ...rest } = settings;
  const contexts = settings.contexts.filter((context) => context.name !== name);
  const kept = currentContext === undefined || currentContext === name ? {} : { currentContext };
  await writeSettings(settingsPath(session.io.env), { ...rest, ...kept, contexts });
  session.output.say(`context ${name} deleted`);
  return EXIT.done;
};

function nameOf({ line }: Session): string {
  const [name, ...more] = line.words;
  if (name === undefined || more.length > 0 || !/^[\w.@:-]{1,100}$/.test(name)) {
    throw new UsageError(`${line.command.name} takes the name of one context: letters, digits and .-_@:`);
  }
  return name;
}

/** There is no flag for a token: it would be visible in the list of processes. */
function authOf({ line }: Session): ContextAuth | undefined {
  const tokenFile = line.text('token-file');
  const exec = line.text('exec');
  const path = line.text('kubeconfig');
  const kubeContext = line.text('kubeconfig-context');
  if (tokenFile !== undefined) return { tokenFile: resolve(tokenFile) };
  if (exec !== undefined) {
    const [command = '', ...args] = exec.split(/\s+/).filter((word) => word !== '');
    if (command === '') throw new UsageError('--exec needs a command');
    return { exec: { command, args } };
  }
  if (path === undefined && kubeContext === undefined) return undefined;
  return {
    kubeconfig: {
      ...(path !== undefined && { path: resolve(path) }),
      ...(kubeContext !== undefined && { context: kubeContext }),
    },
  };
}

function withoutToken(context: Context): Context {
  return context.auth?.token === undefined ? context : { ...context, auth: { ...context.auth, token: '***' } };
}

function sourceOf(auth: ContextAuth | undefined): string {
  if (auth?.kubeconfig !== undefined) return `kubeconfig ${auth.kubeconfig.context ?? ''}`.trim();
  if (auth?.tokenFile !== undefined) return `file ${auth.tokenFile}`;
  if (auth?.exec !== undefined) return `exec ${auth.exec.command}`;
  return auth?.token === undefined ? 'none' : 'token';
}
