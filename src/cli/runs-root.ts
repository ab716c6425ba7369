/** Where run directories are kept: `runs` here, or what the environment (or `.env`) says. */

export function runsRoot(): string {
  return process.env.MYCELIA_RUNS || 'runs'
}
