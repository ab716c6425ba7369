/** A live run that waits for an exchange that is away. */

import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { type LiveStatus, live } from '../../src/world/index.js'
import { KrakenStandin } from '../standins/kraken/standin.js'
import { temporary } from './live-by-hand.js'
import { scenario } from './live-scenario.js'

export const patient = { timeout: 30_000 }

/** An exchange that is away, and a run that waits for it. */
export async function waiting({
  out = join(temporary(), 'run'),
  more = {} as Record<string, string>,
  redis = undefined as string | undefined,
  agents = undefined as string | undefined,
} = {}) {
  const kraken = await KrakenStandin.start()
  const timer = setInterval(() => {
    for (const { symbol } of kraken.pairs) kraken.trade(symbol, 100, 1)
  }, 100)
  kraken.away('absent')
  const stop = new AbortController()
  const statuses: LiveStatus[] = []
  const entries: number[] = []
  const notes: string[] = []
  const ended = live({
    scenario,
    out,
    redis,
    agents,
    environment: { KRAKEN_REST_URL: kraken.restUrl, KRAKEN_WS_URL: kraken.wsUrl, KRAKEN_REST_INTERVAL_MS: '5', ...more },
    overrides: { moats: undefined },
    signal: stop.signal,
    onNote: note => void notes.push(note),
    onStatus: status => void statuses.push(status),
    onCommitted: ({ tick, fills }) => {
      if (fills.some(({ opens }) => opens)) entries.push(tick)
    },
  })
  ended.catch(() => undefined)
  onTestFinished(async () => {
    stop.abort('SIGTERM')
    await ended
    clearInterval(timer)
    await kraken.stop()
  })
  await expect.poll(() => statuses.at(-1)?.state, patient).toBe('waiting')
  return {
    out,
    kraken,
    statuses,
    entries,
    notes,
    back: () => kraken.away(undefined),
    async end() {
      stop.abort('SIGTERM')
      return ended
    },
  }
}

export const pendingIn = (status: LiveStatus | undefined) => status?.pending.map(({ command }) => command)
