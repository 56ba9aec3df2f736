/**
 * The C library keeps memory that it was given back, and more of it the larger the pieces were: bodies and archives of
 * others would count for the rest of the process's life. With a fixed threshold (bytes) it returns them. It reads the
 * environment once, when a process begins. https://man7.org/linux/man-pages/man3/mallopt.3.html
 */
const ALLOCATOR_SETTINGS = { MALLOC_TRIM_THRESHOLD_: '131072' } as const;

/** What of the running process is needed to begin it anew. */
export type Restartable = Pick<NodeJS.Process, 'argv' | 'execArgv' | 'execPath' | 'env' | 'execve' | 'platform'>;

/**
 * Begins the program anew with the settings, as the same process, and then does not return. Returns where they are set
 * (what an operator has set stays), and where there is no such C library.
 */
export function settleAllocator({ argv, execArgv, execPath, env, execve, platform }: Restartable): void {
  const isSet = Object.keys(ALLOCATOR_SETTINGS).every((name) => env[name] !== undefined);
  if (isSet || platform !== 'linux' || execve === undefined) return;
  const settled = { ...ALLOCATOR_SETTINGS, ...env };
  execve(execPath, [execPath, ...execArgv, ...argv.slice(1)], settled);
}
