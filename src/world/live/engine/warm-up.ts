/** Bars of before going live: each is a step the swarm learns from and trades nothing on; journalled like everything. */

import type { SwarmInput } from '../../../agents/index.js'
import type { Bar } from '../../../market/index.js'
import type { LivePart } from './part.js'

/** Lives through the closed bars that are newer than the part's last bar; returns how many steps that were. */
export function warmUp(part: LivePart, history: readonly Bar[]): number {
  const ends = new Map<number, Bar[]>()
  for (const bar of history) {
    const end = bar.time + bar.barMs
    if (end <= part.closedUntil || end <= part.time) continue
    const bars = ends.get(end) ?? []
    ends.set(end, bars)
    bars.push(bar)
  }
  const times = [...ends.keys()].sort((a, b) => a - b)
  for (const [i, end] of times.entries()) {
    const bars = (ends.get(end) ?? []).map((bar): SwarmInput => ({ kind: 'bar', bar }))
    const begins: SwarmInput[] = i === 0 ? [{ kind: 'warmup', on: true }] : []
    part.run({ time: end, step: true, inputs: [...begins, ...part.parts.answers.take(end), ...bars] }, end)
  }
  const last = times.at(-1)
  if (last !== undefined) {
    const over: SwarmInput = { kind: 'warmup', on: false }
    part.run({ time: last + 1, step: false, inputs: [over] })
  }
  return times.length
}
