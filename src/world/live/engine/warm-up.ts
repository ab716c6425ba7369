/** Bars from before the run goes live: the swarm learns from each in a step, and trades on none. All are journalled. */

import type { SwarmInput } from '../../../agents/index.js'
import type { Bar } from '../../../market/index.js'
import type { Shard } from './shard.js'

/** Runs a step for each closed bar that is newer than the shard's last one; returns the number of steps. */
export function warmUp(shard: Shard, history: readonly Bar[]): number {
  const ends = new Map<number, Bar[]>()
  for (const bar of history) {
    const end = bar.time + bar.barMs
    if (end <= shard.closedUntil || end <= shard.time) continue
    const bars = ends.get(end) ?? []
    ends.set(end, bars)
    bars.push(bar)
  }
  const times = [...ends.keys()].sort((a, b) => a - b)
  for (const [i, end] of times.entries()) {
    const bars = (ends.get(end) ?? []).map((bar): SwarmInput => ({ kind: 'bar', bar }))
    const begins: SwarmInput[] = i === 0 ? [{ kind: 'warmup', on: true }] : []
    shard.run({ time: end, step: true, inputs: [...begins, ...shard.components.answers.take(end), ...bars] }, end)
  }
  const last = times.at(-1)
  if (last !== undefined) {
    const over: SwarmInput = { kind: 'warmup', on: false }
    shard.run({ time: last + 1, step: false, inputs: [over] })
  }
  return times.length
}
