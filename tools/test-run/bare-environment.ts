/** For a process that a test starts: what it is given, and of the run's own only what makes its start quick (docs/tests.md). */
export function bareEnvironment(own: Record<string, string | undefined>): NodeJS.ProcessEnv {
  const { PATH, NODE_COMPILE_CACHE, NODE_OPTIONS } = process.env
  return { PATH, NODE_COMPILE_CACHE, NODE_OPTIONS, ...own } as unknown as NodeJS.ProcessEnv
}
