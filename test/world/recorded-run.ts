/** A finished live run on disk, with segments, halts and open positions: recorded once, altered in copies. */

import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, onTestFinished, vi } from 'vitest'
import { type LiveRequest, live, writeCommand } from '../../src/world/index.js'
import { ManualClock, ScriptedFeed } from './live-kit.js'
import { lively, pairs } from './live-scenario.js'

const origin = Date.UTC(2026, 0, 1)

export interface Recorded {
  readonly run: string
  /** The run's directory once more, for a test to alter. */
  copy(): string
}

/** Call it in `beforeAll`. The clock is led by hand, so that the run is the same on every machine; its segments are written by a real thread. */
export async function recorded(forMs: number, more: Partial<LiveRequest> = {}): Promise<Recorded> {
  const folder = mkdtempSync(join(tmpdir(), 'mycelia-recorded-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const run = join(folder, 'run')
  const clock = new ManualClock(origin + 100_000)
  const feed = () => new ScriptedFeed({ pairs, barMs: 1_000, clock, origin, history: 60 })
  const state = { isLive: false, isOver: false }
  const ended = live({
    scenario: 'trifecta',
    timeframe: '1s',
    pairs,
    params: { ...lively, feeRate: 0.001, baselineHorizonBars: 12 },
    checkpointEvery: 3,
    segmentTicks: 20,
    out: run,
    forMs,
    environment: {},
    overrides: { clock, moats: undefined, feed },
    onNote: note => {
      if (/stays in the ledger/.test(note)) throw new Error(note)
    },
    onStatus: status => {
      state.isLive ||= status.state === 'live'
    },
    ...more,
  })
  const over = () => {
    state.isOver = true
  }
  ended.then(over, over)
  await vi.waitUntil(() => state.isLive || state.isOver, 30_000)
  for (let passed = 0; !state.isOver; passed += 50) {
    clock.pass(50)
    for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setImmediate(resolve))
    if (passed === forMs / 3) writeCommand(run, { do: 'halt', reason: 'news' }, 1)
    if (passed === forMs / 2) writeCommand(run, { do: 'resume', reason: 'over' }, 2)
    if (passed % 5_000 === 0 && passed > forMs / 3) await segmentIn(join(run, 'journal'))
  }
  await ended
  return {
    run,
    copy() {
      const place = mkdtempSync(join(folder, 'copy-'))
      onTestFinished(() => rmSync(place, { recursive: true, force: true }))
      cpSync(run, join(place, 'run'), { recursive: true })
      return join(place, 'run')
    },
  }
}

/** Waits for the thread that writes the first segment. */
async function segmentIn(journal: string): Promise<void> {
  await vi.waitUntil(() => readdirSync(journal).filter(name => name.endsWith('.seg.br')).length > 0, 30_000)
}
