/** Watches a scenario, or a record: the session, its viewers, and what is left behind. */

import { type Command, Session } from '../../view/index.js'
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
  const { request, record, steps, paused = false, speed = standardSpeed } = options
  let last: RunResult | undefined
  const onLeft = ({ runDir, steps: made, result }: LeftRun) => {
    last = result
    io.err(`${result === undefined ? 'What was kept of the run' : `The run of ${made} steps`} is in ${runDir}\n`)
  }
  const runs = record === undefined ? new RecordedRuns(request, onLeft, steps) : await openRecord(record, request, onLeft)
  if (runs instanceof TablesOfRecord) {
    await showTables(runs, options, io, signal)
    return undefined
  }
  const beginning = runs instanceof RunsOfRecord ? runs.beginning : { seed: request.seed, params: request.params }
  await runs.prepare(known(beginning))
  // Before the run begins: a port that is taken leaves nothing.
  const viewer = await openViewer({ port: options.port, listen: options.listen, option: 'port' })
  try {
    const session = new Session(runs, { ...known(beginning), now: () => performance.now() })
    io.err(`Watching ${record ?? request.scenario} at ${viewer.url}\n`)
    if (options.open === true) openPage(viewer.url, () => io.err('No browser could be opened; the address is above.\n'))
    await runs.preparePast()
    session.command({ do: 'speed', stepsPerSecond: record === undefined && Number.isFinite(speed) ? speed : null })
    if (record !== undefined || !paused) session.command({ do: 'play' })
    await drive({
      session,
      viewers: viewer.server.run(),
      prepare: command => prepared(runs, session, command),
      signal,
      isDone: () => steps !== undefined && (session.state === 'ended' || session.state === 'failed'),
    })
    if (runs instanceof RunsOfRecord && runs.agrees === false)
      io.err('The run made again ended otherwise than the record: its digest differs.\n')
  } finally {
    await viewer.server.close()
    await runs.close()
  }
  return last
}

async function prepared(runs: RecordedRuns | RunsOfRecord, session: Session, command: Command): Promise<void> {
  if (command.do === 'reset') await runs.prepare(session.beginningOf(command))
  if (command.do === 'seek' || command.do === 'branch' || command.do === 'reset') await runs.preparePast()
}

function known({ seed, params }: { seed?: number | string | undefined; params?: Readonly<Record<string, unknown>> | undefined }) {
  return { ...(seed !== undefined && { seed }), ...(params !== undefined && { params }) }
}
