/** The whole page over a simulation in the page itself: `?scenario=flocking`, `&readonly`; for the tests that use it as a person does. */

import { Agent, defineScenario, HexGrid, Layer, Model, type Scenario, z } from 'mycelia'
import { render } from 'preact'
import boltzmann from '../../scenarios/models/boltzmann.js'
import flocking from '../../scenarios/models/flocking.js'
import schelling from '../../scenarios/models/schelling.js'
import sugarscape from '../../scenarios/models/sugarscape.js'
import virus from '../../scenarios/models/virus-on-network.js'
import wealth from '../../scenarios/wealth.js'
import { App } from '../shell/app.js'
import { beginTheme } from '../shell/theme.js'
import { LocalSource } from './local-source.js'

const params = z.object({
  warmth: z.number().min(0).max(10).default(1).describe('how warm it is').meta({ changeable: true, unit: '°C' }),
  walkers: z.number().int().min(1).max(500).default(40).describe('how many walk'),
  motto: z.string().default('on').describe('what they say'),
  route: z.array(z.number()).default([1, 2]).describe('where they go'),
})

class Walker extends Agent<Meadow> {
  /** Text that a page must show as text. */
  name = '<img src=x onerror="document.title=1">'
  override step() {
    this.model.grid.walk(this)
  }
}

class Meadow extends Model<typeof params> {
  grid = new HexGrid<Walker>({ width: 24, height: 18, occupancy: 'many', rng: this.rng })
  heat = new Layer(this.grid, { initial: (_cell, x, y) => x * this.params.warmth + y })
  override setup() {
    for (const walker of this.spawn(this.params.walkers, Walker)) this.grid.placeRandomly(walker)
  }
  override step() {
    this.heat.map((_, cell) => this.grid.xOf(cell) * this.params.warmth + this.grid.yOf(cell))
    this.agentsOf(Walker).shuffleDo(walker => walker.step())
  }
}

const meadow = defineScenario({
  title: 'Meadow',
  model: Meadow,
  params,
  agents: { Walker },
  collect: { model: { walkers: m => m.agentsOf(Walker).size } },
  view: {
    agents: { Walker: w => ({ color: w.ordinal % 2 === 0 ? '#ffffff' : 'tomato', label: w.ordinal % 2 === 0 ? 'even' : 'odd' }) },
    layers: { heat: { colors: [] } },
    space: m => m.grid,
    panels: { 'Where they are': { kind: 'text', tab: 'Notes', look: () => ({ lines: ['On the meadow.'] }) } },
  },
})

/** Of a model that trades: what the operator's bar and the tables read. */
const bazaar = defineScenario({
  title: 'Bazaar',
  model: Meadow,
  params,
  worlds: { live: {} },
  agents: { Walker },
  collect: { model: { walkers: m => m.agentsOf(Walker).size } },
  view: {
    space: m => m.grid,
    panels: {
      Prices: { kind: 'candles', tab: 'Trade', choices: () => ['AUSD', 'BUSD'], look: () => noCandles },
      'Open positions': {
        kind: 'table',
        tab: 'Trade',
        look: () => [
          { cells: { pair: 'BUSD' }, order: { label: 'Close', says: 'It leaves BUSD.', order: { do: 'close', pair: 'BUSD' } } },
        ],
      },
      Locks: { kind: 'table', tab: 'Trade', look: m => (m.model.steps < 3 ? [] : [halted]) },
    },
  },
})

const noCandles = { time: [], open: [], high: [], low: [], close: [] }
const halted = { cells: { portfolio: 'all', pair: 'every pair', kind: 'operator', since: '12:00' } }

const scenarios = [bazaar, boltzmann, flocking, meadow, schelling, sugarscape, virus, wealth] as unknown as Scenario[]
const query = new URLSearchParams(location.search)
const scenario = scenarios.find(({ name }) => name === query.get('scenario')) ?? (meadow as unknown as Scenario)

const sources: LocalSource[] = []
function open(): LocalSource {
  const source = new LocalSource(scenario, !query.has('readonly'))
  sources.push(source)
  return source
}

Object.assign(globalThis, { sources })
beginTheme()
const app = document.getElementById('app')
if (app !== null) render(<App open={open} isOwn={!query.has('asks')} />, app)
