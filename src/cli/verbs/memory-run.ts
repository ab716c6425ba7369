/** The run that a verb of memory is about. */

import { join } from 'node:path'
import { runsRoot } from '../runs-root.js'

/** What every verb of memory says of its run. */
export const runArgument = ['[run]', 'the directory of a run (default: the latest of trifecta)'] as const

export function runOr(given: string | undefined): string {
  return given ?? join(runsRoot(), 'trifecta', 'latest')
}
