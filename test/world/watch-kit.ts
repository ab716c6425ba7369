/** What the tests of watched runs share: a session over run directories, driven by hand. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Clock, type Command, Session } from '../../src/view/index.js'
import {
  type LeftRun,
  openRecord,
  RecordedRuns,
  type RunRequest,
  type RunsOfRecord,
  TablesOfRecord,
} from '../../src/world/index.js'
import { HandClock } from '../view/session-kit.js'

export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'mycelia-watch-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

export interface WatchedRuns<R> {
  readonly runs: R
  readonly session: Session
  /** What was left behind, oldest first. */
  readonly left: readonly LeftRun[]
  /** Says a command and makes all steps that follow of it. */
  say(command: Command): Promise<Clock>
  shown(): Clock
}

/** `steps` of the request are where it ends, where they are given. */
export async function watched(request: RunRequest): Promise<WatchedRuns<RecordedRuns>> {
  const left: LeftRun[] = []
  return over(new RecordedRuns(request, each => left.push(each), request.steps !== undefined), left)
}

/** A record as viewers see it; fails where only its tables are shown. */
export async function shownRecord(runDir: string, request: RunRequest): Promise<WatchedRuns<RunsOfRecord>> {
  const left: LeftRun[] = []
  const runs = await openRecord(runDir, request, each => left.push(each))
  if (runs instanceof TablesOfRecord) throw new Error(runs.why)
  return over(runs, left)
}

async function over<R extends RecordedRuns | RunsOfRecord>(runs: R, left: readonly LeftRun[]): Promise<WatchedRuns<R>> {
  await runs.prepare({})
  const session = new Session(runs, { now: new HandClock().now })
  onTestFinished(async () => {
    await runs.close()
  })
  const shown = () => session.look().json('clock') as Clock
  const say = async (command: Command) => {
    if (command.do === 'reset') await runs.prepare(session.beginningOf(command))
    if (command.do === 'seek') await runs.preparePast()
    if (command.do === 'branch') await runs.prepareBranch(session.branchPoint, new AbortController().signal)
    session.command(command)
    for (let i = 0; Number.isFinite(session.advance(50)); i++) if (i > 100_000) throw new Error('it never stands still')
    return shown()
  }
  return { runs, session, left, say, shown }
}
