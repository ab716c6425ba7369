/** An exchange and the moats' services as a process of their own, continuing the market of a simulated run in accelerated time. */

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { continueMarket, marketAfter } from '../../test/world/live-market.js'

/** The faults that can be injected. */
export type Trouble = 'drop' | 'stall' | 'recover' | 'garbage' | 'rest'

export interface Exchange {
  /** The environment variables that direct the real clients to it. */
  readonly environment: Record<string, string>
  trouble(what: Trouble): void
  stop(): Promise<void>
}

/** One bar of the run's market takes `barMs` of wall time. */
export async function startExchange(runDir: string, barMs: number): Promise<Exchange> {
  const child = fork(fileURLToPath(import.meta.url), [runDir, String(barMs)])
  const [environment] = (await once(child, 'message')) as [Record<string, string>]
  return {
    environment,
    trouble: what => child.send(what),
    async stop() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

async function play(runDir: string, barMs: number): Promise<void> {
  const market = await continueMarket(marketAfter(runDir), barMs)
  const { kraken } = market
  process.on('message', (what: Trouble) => {
    if (what === 'drop') kraken.drop(1006)
    if (what === 'stall') kraken.stall(true)
    if (what === 'recover') kraken.stall(false)
    if (what === 'garbage') kraken.everyone('{"channel":"trade","data":[{"symbol":"SOL/USD","price":1e999}]}')
    if (what === 'rest') kraken.failRest(5, 503)
  })
  process.on('disconnect', () => process.exit(0))
  process.send?.(market.environment)
}

const [, script, runDir, barMs] = process.argv
if (script === fileURLToPath(import.meta.url) && runDir !== undefined) await play(runDir, Number(barMs))
