/** What a check measures of a child from outside: its ledger, its disk, its sources, its model. */

import { existsSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { FileSoundness } from '../../storage/index.js'
import type { Clock } from '../clock.js'
import type { Reading } from './checks.js'
import { askModel, SourceReach } from './reach.js'
import type { ChildSettings } from './settings.js'

export interface MeasureOptions {
  readonly run: string
  readonly settings: Pick<ChildSettings, 'sources' | 'model'>
  readonly clock: Clock
  /** The program that checks a database, as a file that a thread can load. */
  readonly checker: string
}

export class Measure {
  private readonly reach: SourceReach
  /** The check under way: a large ledger may take longer than the time between two checks. */
  private checking: Promise<FileSoundness> | undefined

  constructor(private readonly options: MeasureOptions) {
    this.reach = new SourceReach(options.settings.sources, options.clock)
  }

  async take(until: AbortSignal): Promise<Omit<Reading, 'beat' | 'isDeaf'>> {
    const { run, settings, clock, checker } = this.options
    const ledger = join(run, 'trades.db')
    this.checking ??= checked(ledger, checker).finally(() => {
      this.checking = undefined
    })
    const [database, reached, model] = await Promise.all([
      this.checking,
      this.reach.ask(until),
      settings.model === undefined ? null : askModel(settings.model, until),
    ])
    return { database, reached, model, journalAgeMs: writtenAgo(ledger, clock.now()), freeBytes: freeBytes(run) }
  }
}

/** In a thread: it reads the whole file. */
function checked(path: string, checker: string): Promise<FileSoundness> {
  return new Promise(resolve => {
    const worker = new Worker(checker, { workerData: path, name: 'quick-check' })
    worker.once('message', resolve)
    worker.once('error', () => resolve('unreadable'))
    worker.once('exit', () => resolve('unreadable'))
  })
}

/** The log that SQLite writes ahead counts too; null: there is no ledger yet. */
function writtenAgo(ledger: string, now: number): number | null {
  const times = [ledger, `${ledger}-wal`].flatMap(path => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? [])
  return times.length === 0 ? null : Math.max(0, now - Math.max(...times))
}

function freeBytes(run: string): number | null {
  if (!existsSync(run)) return null
  try {
    const { bavail, bsize } = statfsSync(run)
    return bavail * bsize
  } catch {
    return null
  }
}
