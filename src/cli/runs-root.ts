/** The folder of the run directories: `runs`, or the one that the environment or `.env` names. */

export function runsRoot(): string {
  return process.env.MYCELIA_RUNS || 'runs'
}
