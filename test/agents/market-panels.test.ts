/** Each figure on a panel of the market is the one that the run's tables say, computed here by other code. */

import { beforeAll, describe, expect, it } from 'vitest'
import trifecta from '../../scenarios/trifecta.js'
import type { Swarm } from '../../src/agents/index.js'
import type { Row } from '../../src/core/index.js'
import {
  type CandlesData,
  type CandlesPanel,
  type MessageCount,
  type NetworkData,
  type Panel,
  type PanelContext,
  type ScatterData,
  type SimulateOptions,
  type Simulation,
  simulate,
  type TableRow,
  type TextData,
  type TimelineData,
} from '../../src/model/index.js'
import { SystemControl } from '../../src/trading/index.js'
import { type Clock, Observer, question, seriesPoints } from '../../src/view/index.js'
import { chanceCollisions } from '../../src/world/chance.js'
import { minutes } from '../world/live-facts.js'
import { ideaNow, pair, start, swarmByHand } from './swarm-by-hand.js'

const pairs = ['SOLUSD', 'ADAUSD', 'XXBTZUSD']
const params = {
  pairs,
  financeLearners: 3,
  baselineRule: 'talkative',
  forcedHypotheses: ['finance:own-return|level|0|SOLUSD|4|+', 'finance:own-return|level|0|ADAUSD|4|-'],
}
const clock: Clock = {
  step: 0,
  time: 0,
  state: 'playing',
  newest: 0,
  earliest: 0,
  speed: null,
  rate: 0,
  reason: null,
  digest: null,
  branch: 0,
}

const start_ = (more: Partial<SimulateOptions> = {}): Simulation<Swarm> =>
  simulate(trifecta, { seed: 3, params, ...more } as never) as unknown as Simulation<Swarm>
const panels = trifecta.view?.panels as Readonly<Record<string, Panel<Swarm>>>

/** The rows of a table, every column. */
function rowsOf(sim: Simulation<Swarm>, name: string): Row[] {
  const table = sim.table(name)
  return Array.from({ length: table.length }, (_, i) =>
    Object.fromEntries([...table.columns].map(([column, cells]) => [column, cells.at(i)])),
  )
}

/** What a panel shows of a run. */
function shown<D>(sim: Simulation<Swarm>, title: string, more: Partial<PanelContext<Swarm>> = {}): D {
  const panel = panels[title] as unknown as { look(look: PanelContext<Swarm>): D }
  const heard: readonly MessageCount[] = []
  const { model, quarantined, counters } = sim
  const rows = (table: string) => (sim.tables.has(table) ? rowsOf(sim, table) : [])
  return sim.look(() => panel.look({ model, choice: '', rows, heard: () => heard, quarantined, counters, ...more }))
}

const portfolios = ['baseline', 'mycelial', 'synthesized'] as const

describe('a market that was run for 400 bars', () => {
  let sim: Simulation<Swarm>
  let drawdowns: Record<string, number[]>

  beforeAll(() => {
    sim = start_()
    const observer = new Observer(sim)
    const asked = question('panel', 'Drawdown', '')
    observer.ask([asked])
    for (let i = 0; i < 400; i++) {
      sim.step()
      observer.stepped()
    }
    observer.look(clock)
    drawdowns = Object.fromEntries(
      portfolios.map(name => {
        const points = seriesPoints(question('panel', 'Drawdown', '', name), observer.parts)
        return [name, Array.from({ length: points.length / 4 }, (_, i) => points[4 * i + 3] as number)]
      }),
    )
  }, 120_000)

  it('shows the bars of the chosen pair, and a mark for each end of its trades', () => {
    const { marks = [], close } = shown<CandlesData>(sim, 'Prices', { choice: 'SOLUSD' })
    const own = (table: string) => rowsOf(sim, table).filter(row => row.pair === 'SOLUSD')
    expect([...(close as Float64Array)]).toEqual(own('prices').map(row => row.close))
    const trades = own('trades').slice(-40)
    expect(trades.length).toBeGreaterThan(3)
    const of = (shape: string) => marks.filter(mark => mark.shape === shape)
    expect(of('cross').map(mark => [mark.time, mark.price])).toEqual(trades.map(row => [row.exit_time, row.exit_price]))
    const entries = [...of('up'), ...of('down')].map(({ time, price }) => `${time} ${price}`)
    for (const { entry_time, entry_price } of trades) expect(entries).toContain(`${entry_time} ${entry_price}`)
    expect(of('dot').map(mark => mark.time)).toEqual(
      own('ideas')
        .slice(-40)
        .map(row => row.decided_at),
    )
  })

  it('maps the finished mycelial trades, wins apart from losses, and makes the map again only when a trade was finished', () => {
    const own = rowsOf(sim, 'trades').filter(row => row.portfolio === 'mycelial')
    expect(own.length).toBeGreaterThan(3)
    const map = shown<ScatterData>(sim, 'Map of trades')
    expect([map.x.length, map.y.length]).toEqual([own.length, own.length])
    expect(Array.from(map.group ?? [], g => map.groups?.[g])).toEqual(own.map(row => (Number(row.pnl_e6) > 0 ? 'won' : 'lost')))
    expect(Array.from(map.x).some(x => x !== 0)).toBe(true)
    const never = (): never => {
      throw new Error('rows were read again')
    }
    expect(shown<ScatterData>(sim, 'Map of trades', { rows: never })).toBe(map)
    const { lines = [], figures } = shown<TextData>(sim, 'What memory says', { rows: never })
    expect(lines.join(' ')).toMatch(/to the right: \S.* \(\d+(\.\d+)? % of the variance\)\. Upwards/)
    expect(figures?.['trades remembered']).toBe(own.length)
  })

  it('tells of a marked idea what the decision record says: who proposed it, and why nothing was done', () => {
    const { marks = [] } = shown<CandlesData>(sim, 'Prices', { choice: 'SOLUSD' })
    const idea = rowsOf(sim, 'ideas').findLast(row => row.pair === 'SOLUSD') as Row
    const told = marks
      .filter(({ shape }) => shape === 'dot')
      .at(-1)
      ?.detail.join(' ')
    expect(told).toContain(`${idea.agent} proposed the idea ${idea.id}`)
    expect(told).toMatch(/Memory|memory/)
    expect(told).not.toContain('unknown')
  })

  it('offers every pair, and shows the first one until one is chosen', () => {
    const panel = panels.Prices as CandlesPanel<Swarm>
    expect(panel.choices?.(sim.model)).toEqual(sim.model.pairs)
    const observer = new Observer(sim)
    observer.ask([question('panel', 'Prices', '')])
    observer.look(clock)
    const first = rowsOf(sim, 'prices').filter(row => row.pair === sim.model.pairs[0])
    expect([...(observer.parts.array('panel/Prices//close') ?? [])]).toEqual(first.map(row => row.close))
  })

  it('draws the drawdown that the equity column has', () => {
    for (const name of portfolios) {
      let peak = sim.model.params.capitalUsd
      const expected = rowsOf(sim, 'model').map(row => {
        const equity = row[name]
        if (typeof equity !== 'number') return Number.NaN
        peak = Math.max(peak, equity)
        return (100 * (equity - peak)) / peak
      })
      const drawn = drawdowns[name] ?? []
      expect(drawn.length).toBe(expected.length)
      drawn.forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i] as number, 6)
      })
    }
  })

  it('counts trades, won trades and P&L as the tables do', () => {
    const rows = shown<TableRow[]>(sim, 'Statistics')
    const last = rowsOf(sim, 'model').at(-1) as Row
    for (const name of portfolios) {
      const cells = rows.find(row => row.cells.portfolio === name)?.cells
      const trades = rowsOf(sim, 'trades').filter(row => row.portfolio === name)
      expect(cells?.trades).toBe(trades.length)
      const won = trades.filter(row => Number(row.pnl_e6) > 0).length
      if (trades.length > 0) expect(cells?.['won, %']).toBeCloseTo((100 * won) / trades.length, 2)
      expect(cells?.['net P&L, USD']).toBeCloseTo(Number(last[name]) - sim.model.params.capitalUsd, 2)
    }
  })

  it('says of every idea of the swarm whether it met, and by how much it missed', () => {
    const { events } = shown<TimelineData>(sim, 'Collisions')
    const decided = rowsOf(sim, 'decisions').filter(row => row.portfolio === 'synthesized')
    const ideas = rowsOf(sim, 'ideas')
    const mycelial = ideas.filter(row => row.source === 'mycelial')
    expect(mycelial.length).toBeGreaterThan(10)
    expect(events.map(({ time }) => time)).toEqual(mycelial.slice(-300).map(row => row.decided_at))
    const met = events.filter(({ group }) => group === 'met').length
    expect(met).toBeGreaterThan(0)
    expect(met).toBe(new Set(decided.map(row => row.idea_id)).size)
    const missed = events.filter(event => event.label.includes('missed by'))
    expect(missed.length).toBeGreaterThan(0)
    for (const { label, detail } of missed) {
      const other = /baseline idea that agreed, (\S+), was/.exec(detail.join(' '))?.[1]
      expect(ideas.find(row => row.id === other)?.source).toBe('baseline')
      expect(label).toMatch(/missed by \d/)
    }
  })

  it('compares collisions with chance as the summary of a run does', () => {
    const { figures } = shown<TextData>(sim, 'Collisions and chance')
    // The ideas alone, so that the clock is every bar from the first idea to the last.
    const blocks = (name: string) =>
      name === 'ideas'
        ? [Object.fromEntries([...sim.table(name).columns].map(([column, cells]) => [column, cells.toArray()]))]
        : []
    const expected = chanceCollisions({ blocks } as never, 3, sim.model.params.collisionWindowMs)
    expect(figures?.['seen among the newest ideas']).toBe(expected.seen)
    expect(figures?.['expected by chance']).toBeCloseTo(expected.byChance, 2)
    expect(figures?.['collisions in all']).toBe(rowsOf(sim, 'decisions').filter(row => row.portfolio === 'synthesized').length)
  })

  it('counts refusals by reason as the decision record does', () => {
    const rows = shown<TableRow[]>(sim, 'Not traded')
    const counts = new Map<string, number>()
    for (const { portfolio, outcome } of rowsOf(sim, 'decisions'))
      if (!['entry', 'renewal', 'exit', 'cancelsEntry'].includes(String(outcome)))
        counts.set(`${portfolio} ${outcome}`, (counts.get(`${portfolio} ${outcome}`) ?? 0) + 1)
    expect(counts.size).toBeGreaterThan(0)
    expect(new Map(rows.map(({ cells }) => [`${cells.portfolio} ${cells.reason}`, cells.signals]))).toEqual(counts)
  })

  it('lists the positions that fills opened and no trade has closed', () => {
    const rows = shown<TableRow[]>(sim, 'Open positions')
    const closed = new Set(rowsOf(sim, 'trades').map(row => row.trade_id))
    const open = rowsOf(sim, 'fills').filter(row => row.opens === true && !closed.has(row.trade_id ?? null))
    const key = (row: Row) => `${row.portfolio} ${row.pair}`
    expect(rows.map(({ cells }) => key(cells as Row)).sort()).toEqual([...new Set(open.map(key))].sort())
  })

  it('measures the room under the gross limit that positions take', () => {
    const limit = shown<TableRow[]>(sim, 'Limits').find(({ cells }) => cells.limit === 'grossShare')?.cells
    const held = shown<TableRow[]>(sim, 'Open positions').filter(({ cells }) => cells.portfolio === 'baseline')
    const gross = held.reduce((sum, { cells }) => sum + Number(cells['value, USD']), 0)
    const waiting = shown<TableRow[]>(sim, 'Orders').some(({ cells }) => cells.portfolio === 'baseline' && cells.what === 'entry')
    const share = gross / Number(rowsOf(sim, 'model').at(-1)?.baseline)
    if (waiting) expect(limit?.baseline).toBeGreaterThan(share)
    else expect(limit?.baseline).toBeCloseTo(share, 3)
  })

  it('shows the commonest policy’s share as the contagion column has it', () => {
    const share = shown<number | null>(sim, 'Contagion')
    const column = rowsOf(sim, 'model').at(-1)?.contagion
    expect(share ?? null).toBe(typeof column === 'number' && !Number.isNaN(column) ? column : null)
  })
})

it('watching every panel at every step moves no digest', { timeout: 240_000 }, () => {
  const bare = simulate(trifecta, { seed: 5 })
  const watched = simulate(trifecta, { seed: 5 })
  const observer = new Observer(watched)
  observer.ask(Object.keys(panels).map(title => question('panel', title, '')))
  for (let i = 0; i < 200; i++) {
    bare.step()
    watched.step()
    observer.stepped()
    observer.look(clock)
  }
  expect(watched.digest).toBe(bare.digest)
})

it('lights who spoke since the look before, on which topic, and nobody else', () => {
  const sim = start_()
  const observer = new Observer(sim)
  observer.ask([question('panel', 'Swarm map', '')])
  const map = (): NetworkData => {
    observer.look(clock)
    const part = (name: string) => observer.parts.json(`panel/Swarm%20map//${name}`)
    return { nodes: part('nodes'), edges: part('edges') } as NetworkData
  }
  expect(map().edges).toEqual([])
  const said: string[] = []
  const stop = sim.tap((topic, _message, from) => {
    const key = sim.population.byId(from)?.key
    if (key !== undefined) said.push(`${key} topic ${(topic.family ?? topic).name}`)
  })
  for (let i = 0; i < 3; i++) sim.step()
  stop()
  const { nodes, edges } = map()
  expect(edges.length).toBeGreaterThan(3)
  expect(new Set(edges.map(({ from, to }) => `${from} ${to}`))).toEqual(new Set(said))
  const lit = nodes.filter(({ heat = 0, group }) => heat > 0 && group !== 'topics').map(({ id }) => id)
  expect(new Set(lit)).toEqual(new Set(said.map(each => each.split(' ')[0])))
  expect(nodes.filter(({ group }) => group !== 'topics').length).toBe(sim.population.size)
  expect(map().edges).toEqual([])
})

it('colours learners by the rank of the policy they follow, in few looks', { timeout: 120_000 }, () => {
  const sim = simulate(trifecta, { seed: 1 }) as unknown as Simulation<Swarm>
  sim.run({ steps: 350 })
  const style = trifecta.view?.agents?.PatternLearner as (agent: never) => { label?: string; color?: string }
  const followers = new Map<string, number>()
  const learners = [...sim.model.learners]
  for (const { finance } of learners) if (finance?.policy) followers.set(finance.policy, (followers.get(finance.policy) ?? 0) + 1)
  const most = Math.max(...followers.values())
  expect(followers.size).toBeGreaterThan(3)
  for (const learner of learners) {
    const { label } = style(learner as never)
    if (learner.finance === null) expect(label).toBe('learner of a moat')
    else if (learner.finance.policy === null) expect(label).toBe('no policy')
    else if (label === 'follows the commonest policy') expect(followers.get(learner.finance.policy)).toBe(most)
  }
  expect(new Set(learners.map(learner => style(learner as never).label)).size).toBeLessThanOrEqual(8)
  const board = shown<TableRow[]>(sim, 'Patterns')
  expect(board.length).toBeGreaterThan(5)
  for (const { cells, detail } of board) {
    const held = learners.filter(({ finance }) => {
      if (finance === null) return false
      const { count, places } = finance.tests.policies
      const width = places.length === 0 ? 1 : 3
      return Array.from({ length: count }, (_, i) => places[i * width]).some(
        h => sim.model.hypotheses.nameOf(h as number) === detail?.[0],
      )
    }).length
    expect(cells.holders).toBe(held)
  }
})

describe('why nothing is traded, by the model alone', () => {
  const why = (sim: Simulation<Swarm>) => shown<TextData>(sim, 'Why is nothing traded?').lines?.join('\n')

  it('names a halt', () => {
    const swarm = swarmByHand()
    swarm.live(3)
    swarm.tick({ kind: 'operator', command: { do: 'halt', id: 'h1', at: start, by: 'test', reason: 'lunch' } })
    expect(why(swarm.sim)).toMatch(/^Nothing is entered: halted \(operator\): lunch\. Ends: /)
  })

  it('says of bars of the past that nothing is traded yet', () => {
    const swarm = swarmByHand()
    swarm.tick({ kind: 'warmup', on: true })
    swarm.live(3)
    expect(why(swarm.sim)).toBe('Nothing is traded yet: bars of the past are stepped through first.')
  })

  it('says of a silent market since when no pair has fresh data', () => {
    const swarm = swarmByHand()
    swarm.live(3)
    swarm.tick(...swarm.model.pairs.map(of => ({ kind: 'stale', pair: of, since: swarm.model.now - minutes(2) })))
    expect(why(swarm.sim)).toMatch(/^Nothing is entered: no pair has fresh data/)
  })

  it('says of a quiet one what each portfolio waits for', () => {
    const swarm = swarmByHand()
    swarm.live(3)
    expect(why(swarm.sim)).toContain('mycelial: no idea: no pattern in force (bar 3 of the ')
  })

  it('names a lock on the panel of locks, and none where there is none', () => {
    const swarm = swarmByHand()
    swarm.live(3)
    expect(shown<TableRow[]>(swarm.sim, 'Locks')).toEqual([])
    swarm.tick({ kind: 'operator', command: { do: 'halt', id: 'h1', at: start, by: 'test', reason: 'lunch' } })
    const [lock] = shown<TableRow[]>(swarm.sim, 'Locks')
    expect(lock?.cells).toMatchObject({ portfolio: 'all', pair: 'every pair', kind: 'operator', reason: 'lunch' })
    expect(swarm.said(SystemControl).length).toBe(1)
  })
})

describe('what an operator may order', () => {
  const tableOf = (sim: Simulation<Swarm>, title: string) => shown<TableRow[]>(sim, title)

  it('stands at each position and each lock, as the order that ends it', () => {
    const swarm = swarmByHand()
    swarm.live(2)
    swarm.tick(ideaNow(swarm, 'baseline', { direction: 1, confidence: 0.9, horizonBars: 50, pair }))
    swarm.live(1)
    const sim = swarm.sim as unknown as Simulation<Swarm>
    const [position] = tableOf(sim, 'Open positions')
    expect(position?.order).toMatchObject({ label: 'Close', order: { do: 'close', pair, portfolio: 'baseline' } })
    swarm.tick({ kind: 'operator', command: { ...position?.order?.order, reason: 'news', key: 'k1' } } as never)
    expect(tableOf(sim, 'Open positions')[0]?.order).toBeUndefined()
    swarm.tick({ kind: 'operator', command: { do: 'lock', pair, forMs: null, reason: 'news', key: 'k2' } } as never)
    const [lock] = tableOf(sim, 'Locks')
    expect(lock?.order?.order).toEqual({ do: 'unlock', id: swarm.model.locks[0]?.id })
    const orders = tableOf(sim, 'Orders of operators')
    expect(orders.map(({ cells }) => [cells.key, cells.refused])).toEqual([
      ['k2', false],
      ['k1', false],
    ])
    expect(orders[1]?.cells.outcome).toMatch(/^1 position to leave at the next price/)
  })

  it('is said with why it was refused', () => {
    const swarm = swarmByHand()
    swarm.live(2)
    swarm.tick({ kind: 'operator', command: { do: 'lock', pair: 'NOUSD', forMs: null, reason: 'news', key: 'k' } } as never)
    const [row] = tableOf(swarm.sim as unknown as Simulation<Swarm>, 'Orders of operators')
    expect(row?.cells.refused).toBe(true)
    expect(row?.cells.outcome).toMatch(/NOUSD/)
  })
})
