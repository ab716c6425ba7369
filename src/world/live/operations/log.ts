/** The structured log of a live run: `live.log` in its directory, one JSON object a line, written by pino where it is installed. */

import { existsSync, renameSync, statSync } from 'node:fs'
import { liveLimits } from '../limits.js'

export type Level = 'info' | 'warn' | 'error'

export interface LiveLog {
  event(level: Level, event: string, fields?: object): void
  /** Events that could not be written, as on a full disk. */
  readonly unwritten: number
  close(): void
}

/** Bytes that wait in memory while the disk takes none. */
const waitingBytes = 1 << 20

/** Undefined where pino is not installed. A file that is full is moved to `<path>.1`, in the place of the one before. */
export async function openLog(path: string, runId: string, maxBytes: number = liveLimits.logBytes): Promise<LiveLog | undefined> {
  const pino = await load()
  if (pino === undefined) return undefined
  const to = pino.destination({ dest: path, sync: true, append: true, maxLength: waitingBytes })
  const logger = pino({ base: { run: runId, pid: process.pid } }, to)
  let bytes = existsSync(path) ? statSync(path).size : 0
  let unwritten = 0
  for (const failure of ['error', 'drop']) to.on(failure, () => void unwritten++)
  const rotate = () => {
    try {
      renameSync(path, `${path}.1`)
      to.reopen()
      bytes = 0
    } catch {
      // The next event tries again.
    }
  }
  return {
    get unwritten() {
      return unwritten
    },
    event(level, event, fields = {}) {
      const size = 128 + Buffer.byteLength(JSON.stringify(fields))
      if (bytes > 0 && bytes + size > maxBytes) rotate()
      if (bytes + size > 2 * maxBytes) {
        unwritten++
        return
      }
      bytes += size
      logger[level]({ event, ...fields })
    },
    close: () => to.end(),
  }
}

async function load(): Promise<typeof import('pino')['pino'] | undefined> {
  try {
    return (await import('pino')).pino
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}
