/** A trading child process for crash tests: runs `world/live` on the scripted exchange and says on its output what is on disk. */

import { existsSync, writeSync } from 'node:fs'

import { heartOf } from '../../src/cli/heartbeat.js'
import { armFaults } from '../../src/core/index.js'
import { live } from '../../src/world/index.js'
import { acceleratedClock, ScriptedFeed } from './live-kit.js'
import { scenario } from './live-scenario.js'

interface Orders {
  readonly out: string
  /** Script time of the first bar, and wall time at which it began: the same for every restart. */
  readonly origin: number
  readonly wallOrigin: number
  readonly speed: number
  /** Dies at the n-th passage of this fault point. */
  readonly dieAt?: { point: string; passage: number }
  readonly forMs?: number
  /** While this file is there, no commit finds room on the disk. */
  readonly fullAt?: string
  readonly profile?: readonly unknown[]
  readonly segmentTicks?: number
}

const orders = JSON.parse(process.argv[2] ?? '') as Orders
const { out, origin, wallOrigin, speed, dieAt, forMs, fullAt, profile, segmentTicks } = orders
const say = (what: object) => writeSync(1, `${JSON.stringify(what)}\n`)

if (dieAt !== undefined) {
  let passages = 0
  armFaults(name => {
    if (name === dieAt.point && ++passages === dieAt.passage) process.kill(process.pid, 'SIGKILL')
  })
}

if (fullAt !== undefined) {
  armFaults(name => {
    if (name === 'storage.commit' && existsSync(fullAt)) throw Object.assign(new Error('full'), { code: 'ENOSPC' })
  })
}

// A supervised one is heard, as a run of the command line is.
const heart = heartOf(process)
const start = origin + 100_000 + (Date.now() - wallOrigin) * speed
const clock = acceleratedClock(speed, Math.floor(start))
let ticked = false
live({
  scenario,
  timeframe: '1s',
  out,
  forMs,
  profile,
  checkpointEvery: 10,
  segmentTicks,
  environment: {},
  onStatus: status => {
    heart?.show(status)
    say({ state: status.state, step: status.step, halts: status.halts })
  },
  onCommitted: ({ tick, trades, fills, halts }) => {
    if (!ticked) say({ first: tick })
    ticked = true
    if (trades.length + fills.length + halts.length > 0) {
      const entered = fills.filter(fill => fill.opens).map(fill => fill.portfolio)
      const left = trades.map(trade => trade.portfolio)
      const [entries, ids] = [entered.length, trades.map(trade => trade.tradeId)]
      say({ tick, trades: ids, entries, exits: fills.length - entries, entered, left, halts })
    }
  },
  overrides: {
    clock,
    moats: undefined,
    feed: ({ pairs, barMs }) => new ScriptedFeed({ pairs, barMs, clock, origin, history: 60 }),
  },
}).then(
  result => say({ done: result.digest }),
  error => {
    say({ failed: String(error) })
    process.exitCode = 1
  },
)
