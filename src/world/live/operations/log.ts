/** The structured log of a live run: `live.log` in its directory, one JSON object a line, written by pino where it is installed. */

import { existsSync, statSync } from 'node:fs'

export type Level = 'info' | 'warn' | 'error'

export interface LiveLog {
  event(level: Level, event: string, fields?: object): void
  close(): void
}

/** The log stops growing at this size; the last line counts the events that were left out. */
const maxBytes = 64 << 20

/** Undefined where pino is not installed. */
export async function openLog(path: string, runId: string): Promise<LiveLog | undefined> {
  const pino = await load()
  if (pino === undefined) return undefined
  const to = pino.destination({ dest: path, sync: true, append: true })
  const logger = pino({ base: { run: runId, pid: process.pid } }, to)
  let bytes = existsSync(path) ? statSync(path).size : 0
  let unwritten = 0
  return {
    event(level, event, fields = {}) {
      bytes += 128 + JSON.stringify(fields).length
      if (bytes > maxBytes) unwritten++
      else logger[level]({ event, ...fields })
    },
    close() {
      if (unwritten > 0) logger.warn({ event: 'log full', unwritten })
      to.end()
    },
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
