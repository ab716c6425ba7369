/** A run directory as viewers see it: the run made again, or where that cannot be, its tables. */

import { OperatorError } from '../../core/index.js'
import { RunDirectory } from '../../storage/index.js'
import { useNodeSha256 } from '../node-sha256.js'
import { planAgain } from '../plan-again.js'
import type { RunRequest } from '../run-request.js'
import type { LeftRun } from './recorded-runs.js'
import { RunsOfRecord } from './runs-of-record.js'
import { TablesOfRecord } from './tables-of-record.js'

/** Throws an `OperatorError` where the directory holds no run. `onLeft`: as of `RecordedRuns`. */
export async function openRecord(
  runDir: string,
  request: RunRequest,
  onLeft: (left: LeftRun) => void,
): Promise<RunsOfRecord | TablesOfRecord> {
  useNodeSha256()
  const directory = RunDirectory.read(runDir)
  const { manifest, isInUse, path } = directory
  const tables = (why: string) => TablesOfRecord.open(directory, `${why} Only its tables are shown.`)
  if (manifest.verb === 'live') return tables('A live run is made again by "mycelia replay" alone.')
  if (isInUse) return tables('Another process runs it.')
  if (manifest.verb !== 'run') return tables(`It is a record of mycelia ${manifest.verb}.`)
  try {
    const { plan, codeChanged } = await planAgain(request, manifest)
    if (!codeChanged) return await RunsOfRecord.of({ path, plan, manifest }, request, onLeft)
    return tables('The scenario file has changed since the run began, so the run cannot be made again.')
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    return tables(`The run cannot be made again: ${error.message}`)
  }
}
