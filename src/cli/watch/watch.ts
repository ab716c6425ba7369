/** Watches a scenario, or a record: the session, its viewers, and what is left behind. */

import { asSentence, OperatorError } from '../../core/index.js'
import { Session } from '../../view/index.js'
import {
  type LeftRun,
  openRecord,
  RecordedRuns,
  RunFailed,
  type RunRequest,
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
  /** Whether a run ends after the steps of its plan, and the watching with it; default: nowhere. */
  readonly endsAsPlanned?: boolean | undefined
}

/**
 * Resolves, when the signal says so or the run has made its last step, with what was left of the last run; undefined where no step of it
 * was made.
 */
export async function watch(options: WatchOptions, io: Io, signal: AbortSignal): Promise<LeftRun | undefined> {
  const { request, record, endsAsPlanned = false, paused = false } = options
  const tell = (left: LeftRun) => io.err(`${sentenceOf(left)}\n`)
  const runs = await runsOf(options, tell)
  if (runs instanceof TablesOfRecord) {
    await showTables(runs, options, io, signal)
    return undefined
  }
  // Before the run begins: a port that is taken leaves nothing.
  const { port, listen } = options
  const viewer = await openViewer({ port, listen, option: 'port', onNote: sentence => io.err(`${sentence}\n`) })
  const second = new SecondRun(
    viewer.server,
    async () => begun(runnable(await runsOf(options, tell)), options),
    error => io.err(`No second run can be shown: ${error instanceof Error ? error.message : String(error)}\n`),
  )
  let left: LeftRun | undefined
  try {
    const { session } = await begun(runs, options)
    io.err(`Watching ${record ?? request.scenario} at ${viewer.url}\n`)
    if (options.open === true) openPage(viewer.url, () => io.err('No browser could be opened; the address is above.\n'))
    if (record !== undefined || !paused) session.command({ do: 'play' })
    await drive({
      session,
      viewers: viewer.server.run(),
      runs,
      signal,
      isDone: () => endsAsPlanned && (session.state === 'ended' || session.state === 'failed'),
    })
    if (runs instanceof RunsOfRecord && runs.agrees === false)
      io.err('The run made again ended otherwise than the record: its digest differs.\n')
  } finally {
    const by = signal.aborted ? String(signal.reason) : undefined
    await viewer.server.close()
    await second.close(by)
    left = await runs.close(by)
  }
  return left
}

function sentenceOf({ runDir, steps, result, error }: LeftRun): string {
  if (result !== undefined) return `The run of ${steps} steps is in ${runDir}`
  return error instanceof RunFailed
    ? `${asSentence(error.message)} What was kept of the run is in ${runDir}`
    : `${error?.message}`
}

/** Where the runs of a scenario come from; of a record that cannot be made again, its tables. */
async function runsOf(
  { request, record, endsAsPlanned }: WatchOptions,
  onLeft: (left: LeftRun) => void,
): Promise<WatchedRuns | TablesOfRecord> {
  return record === undefined ? new RecordedRuns(request, onLeft, endsAsPlanned) : openRecord(record, request, onLeft)
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
