/**
 * The journal of a whole run: its older part leaves the ledger for segments in the folder `journal/`. A segment ends at a checkpoint,
 * which is kept beside it, and its rows are deleted only once both are on disk. Another thread writes them.
 */

import { copyFileSync, linkSync, rmSync } from 'node:fs'
import { DAY_MS, fault, type TimeMs } from '../core/index.js'
import { CorruptFile, withRetry } from './errors.js'
import { makeDirectory } from './files.js'
import type { LiveLedger } from './journal.js'
import { storageLimits } from './limits.js'
import { readSegment, readSegmentHead } from './segment-file.js'
import type { SegmentTask } from './segment-writer.js'
import { journalFolder, removeUnfinished, type SegmentFile, segmentsIn, statePath, statesIn } from './segments.js'

/** How much of the journal is kept: what exceeds either is dropped, oldest first. */
export interface KeepJournal {
  readonly days: number
  readonly bytes: number
}

/** Starts writing a segment, and says once how that ended. Returns how to stop it. */
export type StartWriting = (task: SegmentTask, ended: (error: unknown) => void) => () => Promise<void>

export interface ArchiveSettings {
  readonly keep: KeepJournal
  /** Ticks of a segment. */
  readonly segmentTicks: number
  readonly startWriting: StartWriting
  readonly onNote: (sentence: string) => void
}

/** A checkpoint of the run's directory. */
export interface CheckpointPlace {
  readonly tick: number
  readonly time: TimeMs
  readonly path: string
}

interface Writing {
  readonly to: number
  readonly stop: () => Promise<void>
  readonly over: Promise<void>
}

export class JournalArchive {
  /** Segments written by this process and those that were not, segments dropped, and bytes kept. */
  readonly counters = { segments: 0, failed: 0, dropped: 0, bytes: 0 }
  private readonly folder: string
  /** The segments hold the ticks up to this one. */
  private end: number
  private endTime: TimeMs | undefined
  private now: TimeMs = 0
  private writing: Writing | undefined
  private toldOfDrop = false

  constructor(
    run: string,
    private readonly ledger: LiveLedger,
    private readonly settings: ArchiveSettings,
  ) {
    this.folder = journalFolder(run)
    makeDirectory(this.folder)
    removeUnfinished(this.folder)
    this.end = this.endOfSegments()
    this.removeStrays()
    this.count()
    ledger.release(this.end)
  }

  /** The run has these checkpoints, oldest first. Where enough lies before the older one, a segment is closed there. */
  checkpointed(kept: readonly CheckpointPlace[]): void {
    const [oldest] = kept
    if (oldest === undefined) return
    this.now = kept.at(-1)?.time ?? this.now
    const first = kept.find(({ tick }) => tick === this.end)
    if (first !== undefined) this.keepState(first)
    this.endTime ??= first?.time
    if (kept.length > 1 && this.writing === undefined && this.isDue(oldest)) this.begin(oldest)
  }

  /** Resolves once no segment is being written. */
  async settled(): Promise<void> {
    await this.writing?.over
  }

  /** Stops the writer; what it has not finished is done again by the next process. */
  async close(): Promise<void> {
    const { writing } = this
    if (writing === undefined) return
    this.writing = undefined
    await writing.stop()
    removeUnfinished(this.folder)
  }

  private isDue({ tick, time }: CheckpointPlace): boolean {
    if (tick <= this.end) return false
    const span = this.endTime === undefined ? 0 : time - this.endTime
    return tick - this.end >= this.settings.segmentTicks || span >= storageLimits.segmentMs
  }

  private begin(checkpoint: CheckpointPlace): void {
    this.keepState(checkpoint)
    fault('storage.closing')
    const { folder, end, ledger } = this
    const to = checkpoint.tick
    const task = { ledger: ledger.path, folder, from: end, to }
    let stop: Writing['stop'] = async () => undefined
    let resolve: (() => void) | undefined
    const over = new Promise<void>(done => {
      resolve = done
    })
    this.writing = { to, stop: () => stop(), over }
    stop = this.settings.startWriting(task, error => {
      this.ended(checkpoint, error)
      resolve?.()
    })
  }

  /** A failure stops nothing: the rows stay in the ledger, and the next checkpoint tries again. */
  private ended({ tick, time }: CheckpointPlace, error: unknown): void {
    if (this.writing?.to !== tick) return
    this.writing = undefined
    if (error !== undefined) return this.failed(`The journal up to tick ${tick} stays in the ledger`, error)
    this.counters.segments++
    this.end = tick
    this.endTime = time
    this.ledger.release(tick)
    try {
      this.dropOldest()
    } catch (error) {
      this.failed('No segment of the journal was dropped', error)
    }
  }

  private failed(what: string, error: unknown): void {
    this.counters.failed++
    this.settings.onNote(`${what}: ${error instanceof Error ? error.message : String(error)}`)
  }

  /** Drops what is older, or more, than is to be kept. */
  private dropOldest(): void {
    const { keep } = this.settings
    const oldest = this.now - keep.days * DAY_MS
    let bytes = this.count()
    for (const segment of segmentsIn(this.folder)) {
      const isOld = keep.days < Number.POSITIVE_INFINITY && readSegmentHead(segment.path).toTime < oldest
      if (!isOld && bytes <= keep.bytes) break
      const states = statesIn(this.folder).filter(({ tick }) => tick === segment.from)
      for (const { path } of [segment, ...states]) rmSync(path, { force: true })
      bytes = this.count()
      this.counters.dropped++
      this.sayDropped(segment, isOld)
    }
  }

  private sayDropped({ to }: SegmentFile, isOld: boolean): void {
    if (this.toldOfDrop) return
    this.toldOfDrop = true
    const { days, bytes } = this.settings.keep
    const why = isOld ? `it is older than ${days} days` : `it exceeds ${bytes / 1e9} GB`
    this.settings.onNote(
      `The journal up to tick ${to} was dropped, because ${why}; later segments follow. A replay is partial now.`,
    )
  }

  private count(): number {
    const files = [...segmentsIn(this.folder), ...statesIn(this.folder)]
    this.counters.bytes = files.reduce((sum, { bytes }) => sum + bytes, 0)
    return this.counters.bytes
  }

  /** The checkpoint under a second name, because its own is removed by the second one after it. */
  private keepState({ tick, path }: CheckpointPlace): void {
    if (statesIn(this.folder).some(state => state.tick === tick)) return
    const kept = statePath(this.folder, tick)
    withRetry(kept, 'writing', 0, () => {
      fault('storage.keep')
      try {
        linkSync(path, kept)
      } catch {
        // A file system without links.
        copyFileSync(path, kept)
      }
    })
  }

  /** Checks that the last segment is of this ledger, and returns its end; without segments it is the ledger's beginning. */
  private endOfSegments(): number {
    const { ledger } = this
    const last = segmentsIn(this.folder).at(-1)
    if (last === undefined || last.to < ledger.baseTick) return ledger.baseTick
    const there = ledger.hashAt(last.to)
    const segment = readSegment(last.path)
    if (there === undefined || Buffer.compare(segment.hash, there) !== 0) throw this.otherCopy(last)
    this.endTime = segment.toTime
    return last.to
  }

  /** Checkpoints at which no segment begins: a writer was stopped between the two. */
  private removeStrays(): void {
    const begins = new Set([this.end, ...segmentsIn(this.folder).map(({ from }) => from)])
    for (const { tick, path } of statesIn(this.folder)) if (!begins.has(tick)) rmSync(path, { force: true })
  }

  private otherCopy({ path, to }: SegmentFile): CorruptFile {
    return new CorruptFile(path, {
      what: `continuing the journal in ${this.folder}`,
      expected: `a ledger whose tick ${to} ends ${path}`,
      got: 'another one',
      next: 'Restore the whole directory from one copy; nothing was changed.',
    })
  }
}
