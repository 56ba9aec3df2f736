/**
 * The C library keeps freed memory, more of it the larger the blocks were: request bodies and archives would count for
 * the rest of the process's life. With a fixed threshold (bytes) it returns freed memory to the system. It reads the
 * environment once, at process start. https://man7.org/linux/man-pages/man3/mallopt.3.html
 */
const ALLOCATOR_SETTINGS = { MALLOC_TRIM_THRESHOLD_: '131072' } as const;

/** The parts of the running process needed to execute it again. */
export type Restartable = Pick<NodeJS.Process, 'argv' | 'execArgv' | 'execPath' | 'env' | 'execve' | 'platform'>;

/**
 * Executes the program again with the settings, as the same process, and then does not return. Returns if they are
 * already set (settings of an operator stay), and if there is no such C library.
 */
export function settleAllocator({ argv, execArgv, execPath, env, execve, platform }: Restartable): void {
  const isSet = Object.keys(ALLOCATOR_SETTINGS).every((name) => env[name] !== undefined);
  if (isSet || platform !== 'linux' || execve === undefined) return;
  const settled = { ...ALLOCATOR_SETTINGS, ...env };
  execve(execPath, [execPath, ...execArgv, ...argv.slice(1)], settled);
}
