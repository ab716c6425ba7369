/** Watches a scenario, or a record: the session, its viewers, and what is left behind. */

import { OperatorError } from '../../core/index.js'
import { Session } from '../../view/index.js'
import {
  type LeftRun,
  openRecord,
  RecordedRuns,
  type RunRequest,
  type RunResult,
  RunsOfRecord,
  TablesOfRecord,
} from '../../world/index.js'
import type { Io } from '../io.js'
import { openPage } from './open-page.js'
import { type Opened, SecondRun } from './second-run.js'
import { showTables } from './tables.js'
import { openViewer } from './viewer.js'
import { drive } from './watched-session.js'

const standardSpeed = 20

export interface WatchOptions {
  readonly request: RunRequest
  /** The directory of a run that has ended, to be shown. */
  readonly record?: string
  /** Steps a second; Infinity: as fast as it goes. */
  readonly speed?: number | undefined
  readonly paused?: boolean | undefined
  readonly port?: number | undefined
  readonly listen?: string | undefined
  readonly open?: boolean | undefined
  /** Where the run ends, and the watching with it; default: nowhere. */
  readonly steps?: number | undefined
}

/** Resolves, when the signal says so or the run has made its `steps`, with the results of the last run. */
export async function watch(options: WatchOptions, io: Io, signal: AbortSignal): Promise<RunResult | undefined> {
  const { request, record, steps, paused = false } = options
  let last: RunResult | undefined
  const tell = ({ runDir, steps: made, result }: LeftRun) =>
    io.err(`${result === undefined ? 'What was kept of the run' : `The run of ${made} steps`} is in ${runDir}\n`)
  const runs = await runsOf(options, left => {
    last = left.result
    tell(left)
  })
  if (runs instanceof TablesOfRecord) {
    await showTables(runs, options, io, signal)
    return undefined
  }
  // Before the run begins: a port that is taken leaves nothing.
  const viewer = await openViewer({ port: options.port, listen: options.listen, option: 'port' })
  const second = new SecondRun(
    viewer.server,
    async () => begun(runnable(await runsOf(options, tell)), options),
    error => io.err(`No second run can be shown: ${error instanceof Error ? error.message : String(error)}\n`),
  )
  try {
    const { session } = await begun(runs, options)
    io.err(`Watching ${record ?? request.scenario} at ${viewer.url}\n`)
    if (options.open === true) openPage(viewer.url, () => io.err('No browser could be opened; the address is above.\n'))
    await runs.preparePast()
    if (record !== undefined || !paused) session.command({ do: 'play' })
    await drive({
      session,
      viewers: viewer.server.run(),
      runs,
      signal,
      isDone: () => steps !== undefined && (session.state === 'ended' || session.state === 'failed'),
    })
    if (runs instanceof RunsOfRecord && runs.agrees === false)
      io.err('The run made again ended otherwise than the record: its digest differs.\n')
  } finally {
    await viewer.server.close()
    await second.close()
    await runs.close()
  }
  return last
}

/** Where the runs of a scenario come from; of a record that cannot be made again, its tables. */
async function runsOf(
  { request, record, steps }: WatchOptions,
  onLeft: (left: LeftRun) => void,
): Promise<WatchedRuns | TablesOfRecord> {
  return record === undefined ? new RecordedRuns(request, onLeft, steps) : openRecord(record, request, onLeft)
}

function runnable(runs: WatchedRuns | TablesOfRecord): WatchedRuns {
  if (!(runs instanceof TablesOfRecord)) return runs
  throw new OperatorError({ what: 'a second run', expected: 'a scenario as the record began with', got: runs.why })
}

type WatchedRuns = RecordedRuns | RunsOfRecord

/** The run at its beginning, at its speed. */
async function begun(runs: WatchedRuns, { request, record, speed = standardSpeed }: WatchOptions): Promise<Opened> {
  const { seed, params } = runs instanceof RunsOfRecord ? runs.beginning : request
  const beginning = { ...(seed !== undefined && { seed }), ...(params !== undefined && { params }) }
  await runs.prepare(beginning)
  const session = new Session(runs, { ...beginning, now: () => performance.now() })
  session.command({ do: 'speed', stepsPerSecond: record === undefined && Number.isFinite(speed) ? speed : null })
  return { runs, session }
}
