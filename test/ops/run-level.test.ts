/** What the supervisor changes in a run is journalled, is taken back as it was, and never sets a limit laxer than an operator had it. */

import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { levelSetter } from '../../src/cli/run-level.js'
import type { Kept, RunLevel } from '../../src/ops/index.js'
import { commandRun, live, type OperatorCommand, readStatus, replay } from '../../src/world/index.js'
import { origin } from '../world/live-killing.js'
import { acceleratedClock, ScriptedFeed } from '../world/live-kit.js'
import { scenario } from '../world/live-scenario.js'
import { eventually, temporary } from './supervising.js'

async function running() {
  const out = join(temporary(), 'run')
  const clock = acceleratedClock(10, origin + 100_000)
  const stopping = new AbortController()
  const feed = ({ pairs, barMs }: { pairs: readonly string[]; barMs: number }) =>
    new ScriptedFeed({ pairs, barMs, clock, origin, history: 60 })
  const ended = live({
    scenario,
    timeframe: '1s',
    out,
    environment: {},
    signal: stopping.signal,
    overrides: { clock, moats: undefined, feed },
  })
  onTestFinished(async () => {
    stopping.abort('test')
    await ended
  })
  const status = () => readStatus(out)[0]?.status
  await expect.poll(() => status()?.state, eventually).toBe('live')
  const set = levelSetter(0.5)
  let kept: Kept | undefined
  return {
    out,
    to: async (level: RunLevel) => {
      kept = await set(out, level, 'a fault', kept)
    },
    say: (command: OperatorCommand) => commandRun(out, command),
    share: () => (status()?.limits as { entryShare?: number } | undefined)?.entryShare,
    halted: () => status()?.halts.some(({ kind }) => kind === 'operator') ?? false,
    stop: async () => {
      stopping.abort('test')
      return ended
    },
  }
}

test('half size and exits only are journalled inputs, are taken back, and replay to the same digest', async () => {
  const { to, share, halted, stop, out } = await running()
  await to('half size')
  await expect.poll(share, eventually).toBe(0.5)
  await to('exits only')
  await expect.poll(halted, eventually).toBe(true)
  expect(share()).toBe(0.5)
  await to('half size')
  await expect.poll(halted, eventually).toBe(false)
  await to('full')
  await expect.poll(share, eventually).toBeUndefined()
  const { digest } = await stop()
  expect(await replay(out, { scenario })).toMatchObject({ difference: null, digest })
})

test('whatever faults come and go, no limit is laxer than the operator has it', async () => {
  const { to, say, share, halted } = await running()
  // Of the operator: the share that he wants, and whether he has halted.
  let [wanted, wantsHalt] = [1, false]
  const reason = 'by hand'
  const acts: readonly (() => Promise<unknown>)[] = [
    () => to('half size'),
    () => to('exits only'),
    () => to('full'),
    () => {
      wanted = 0.3
      return say({ do: 'set', limits: { entryShare: 0.3 }, reason })
    },
    () => {
      wantsHalt = true
      return say({ do: 'halt', reason })
    },
  ]
  for (const act of [0, 3, 2, 1, 4, 0, 2, 1, 3, 2, 0, 4, 2]) {
    await acts[act]?.()
    await new Promise(resolve => setTimeout(resolve, 150))
    expect(share() ?? 1, `after act ${act}`).toBeLessThanOrEqual(wanted)
    if (wantsHalt) expect(halted(), `after act ${act}`).toBe(true)
  }
}, 60_000)
