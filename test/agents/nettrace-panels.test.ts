/** What a viewer shows of latency signals is what the tables of the run say. */

import { type Simulation, simulate } from 'mycelia'
import { beforeAll, describe, expect, it } from 'vitest'
import nettrace from '../../scenarios/nettrace.js'
import type { NetTrace } from '../../src/agents/index.js'
import type { Row } from '../../src/core/index.js'
import type { NetworkData, Panel, PanelContext, ScatterData, TableRow, TimelineData } from '../../src/model/index.js'

const panels = nettrace.view?.panels as Readonly<Record<string, Panel<NetTrace>>>
const host = 'api.coinbase.com'

describe('a network that was watched for a day', () => {
  let sim: Simulation<NetTrace>
  const rowsOf = (name: string): Row[] => {
    const table = sim.table(name)
    return Array.from({ length: table.length }, (_, i) =>
      Object.fromEntries([...table.columns].map(([column, cells]) => [column, cells.at(i)])),
    )
  }
  const shown = <D>(title: string, choice = ''): D => {
    const panel = panels[title] as unknown as { look(context: PanelContext<NetTrace>): D }
    const { model, quarantined, counters } = sim
    return sim.look(() => panel.look({ model, choice, rows: rowsOf, heard: () => [], quarantined, counters }))
  }

  beforeAll(() => {
    sim = simulate(nettrace, { seed: 3 }) as unknown as Simulation<NetTrace>
    sim.run({ steps: 1_440 })
  })

  it('has the route that each vantage point saw last, hop by hop', () => {
    const { nodes, edges } = shown<NetworkData>('Route map', host)
    const latest = rowsOf('scans')
      .filter(row => row.host === host && row.vantage === 'Singapore')
      .at(-1)
    let at = 'Singapore'
    const seen: string[] = []
    const way = (from: string) => edges.filter(edge => edge.from === from).map(({ to }) => to)
    for (const hop of String(latest?.route).split('>')) {
      const next = hop === '*' ? way(at).find(to => to.startsWith('Singapore ')) : hop
      expect(way(at)).toContain(next)
      at = String(next)
      seen.push(hop)
    }
    expect(way(at)).toContain(host)
    expect(seen.length).toBeGreaterThan(3)
    expect(nodes.filter(({ group }) => group === 'vantage points').map(({ id }) => id)).toEqual(sim.model.params.vantages)
  })

  it('has every round trip of the chosen vantage point, those beyond the band apart', () => {
    const choice = `${host} from Frankfurt`
    expect(panels['Round trips']).toMatchObject({ kind: 'scatter' })
    const { y, group, groups = [] } = shown<ScatterData>('Round trips', choice)
    const of = (...names: string[]) => Array.from(y).filter((_, i) => names.includes(groups[group?.[i] ?? -1] ?? ''))
    const scans = rowsOf('scans').filter(row => row.host === host && row.vantage === 'Frankfurt' && row.rtt !== null)
    expect(of('round trip', 'out of the band').sort()).toEqual(scans.map(row => row.rtt).sort())
    const [low, high] = [of('lower limit'), of('upper limit')]
    expect(low.length).toBeGreaterThan(500)
    expect(low.every((x, i) => x < (of('median')[i] ?? 0) && (of('median')[i] ?? 0) < (high[i] ?? 0))).toBe(true)
    const outside = of('out of the band')
    expect(outside.length).toBeLessThan(scans.length / 5)
    const signals = rowsOf('latency_signals').filter(row => row.host === host && row.state === 'active')
    expect(of('signal: it falls', 'signal: it rises')).toHaveLength(signals.length)
  })

  it('has the signals with their last state and confidence, and what each kind has earned', () => {
    const all = rowsOf('latency_signals')
    const ids = [...new Set(all.map(row => row.signal_id))]
    expect(ids.length).toBeGreaterThan(5)
    const rows = shown<TableRow[]>('Latest signals')
    const last = all.filter(row => row.signal_id === ids.at(-1)).at(-1)
    expect(rows).toHaveLength(Math.min(100, ids.length))
    expect(rows[0]?.cells).toMatchObject({ type: last?.type, confidence: last?.confidence, state: last?.state })
    const { events } = shown<TimelineData>('Signals and incidents')
    expect(events).toHaveLength(all.filter(row => row.state === 'active').length)
    const earned = shown<TableRow[]>('What signals have earned')
    expect(earned.length).toBeGreaterThan(0)
    for (const { cells } of earned) expect(Number(cells.expected)).toBeGreaterThanOrEqual(0.4)
  })
})
