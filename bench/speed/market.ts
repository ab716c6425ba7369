/** The 121-agent market: steps a second, and the share of a step's time in each folder of `src/`, by the engine's profiler. */

import { type Profiler, Session } from 'node:inspector'
import { simulate } from 'mycelia'
import trifecta from '../../scenarios/trifecta.js'
import { median, timeOf } from './measure.js'

export interface MarketSpeed {
  readonly stepsPerSecond: number
  /** Share of the time by room of `src/`; packages, the engine and its garbage collection each count as one. */
  readonly rooms: Record<string, number>
}

/** When screens, confirmations and portfolios are full. */
const before = 2_000
const stretch = 500

export function marketSpeed(): MarketSpeed {
  const sim = simulate(trifecta, { seed: 1 })
  sim.run({ steps: before })
  const ms = median(Array.from({ length: 9 }, () => timeOf(() => sim.run({ steps: stretch }))))
  const rooms = profile(() => sim.run({ steps: 2 * stretch }))
  return { stepsPerSecond: (stretch * 1_000) / ms, rooms }
}

/** The inspector answers at once within the process, so its callbacks have run when `post` returns. */
function profile(work: () => unknown): Record<string, number> {
  const session = new Session()
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.setSamplingInterval', { interval: 200 })
  session.post('Profiler.start')
  work()
  let taken: Profiler.Profile | undefined
  session.post('Profiler.stop', (error, result) => {
    if (error === null) taken = result.profile
  })
  session.disconnect()
  return taken === undefined ? {} : sharesByRoom(taken)
}

function sharesByRoom({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Record<string, number> {
  const rooms = new Map(nodes.map(node => [node.id, roomOf(node.callFrame)]))
  const times = new Map<string, number>()
  let all = 0
  samples.forEach((id, i) => {
    const room = rooms.get(id) ?? 'engine'
    const time = timeDeltas[i] ?? 0
    times.set(room, (times.get(room) ?? 0) + time)
    all += time
  })
  return Object.fromEntries([...times].sort((a, b) => b[1] - a[1]).map(([room, time]) => [room, time / all]))
}

function roomOf({ url, functionName }: Profiler.ProfileNode['callFrame'] | { url: string; functionName: string }): string {
  if (functionName === '(garbage collector)') return 'garbage collection'
  if (url.includes('/node_modules/')) return 'packages'
  return /\/src\/([^/]+)\//.exec(url)?.[1] ?? (url.includes('/bench/') ? 'bench' : 'engine')
}
