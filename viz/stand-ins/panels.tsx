/** A page of panels with data set by hand, for the tests that look at them. */

import { render } from 'preact'
import type { CandleMark } from '../../src/model/index.js'
import { type PanelDescription, Parts, question, seriesName } from '../../src/view/index.js'
import { PanelCard } from '../panels/panel-card.js'
import { SeriesPanels } from '../panels/series-panel.js'

const parts = new Parts()
parts.advance()
const asked = new Map<string, readonly string[]>()

const hour = 3_600_000
const start = Date.UTC(2026, 0, 1)
const wave = (i: number) => 100 + 10 * Math.sin(i / 9) + (i % 7)
const times = Array.from({ length: 300 }, (_, i) => start + i * hour)
const marks: CandleMark[] = Array.from({ length: 12 }, (_, i) => ({
  time: times[20 * i + 15] as number,
  shape: i % 2 === 0 ? 'up' : 'down',
  group: i % 3 === 0 ? 'baseline' : 'mycelial',
  label: `Trade ${i}`,
  detail: [`Pattern ${i}: repo stars lead by 3 steps`, 'Rule R2 allowed it <b>boldly</b>'],
}))

const shown: readonly (readonly [PanelDescription, Readonly<Record<string, unknown>>])[] = [
  [
    { title: 'Prices', kind: 'candles', about: 'Candles of a pair.', choices: ['XBTUSD', 'ETHUSD'] },
    {
      time: times,
      open: times.map((_, i) => wave(i)),
      high: times.map((_, i) => wave(i) + 3),
      low: times.map((_, i) => wave(i) - 3),
      close: times.map((_, i) => wave(i + 1)),
      volume: times.map((_, i) => 50 + (i % 13)),
      marks,
    },
  ],
  [
    { title: 'Spread of wealth', kind: 'histogram', about: 'How many hold how much.', bins: 10 },
    { value: Array.from({ length: 100 }, (_, i) => i) },
  ],
  [
    { title: 'What costs took', kind: 'waterfall', about: '', unit: 'USD' },
    { names: ['gross', 'fees', 'slippage', 'net'], values: [10, -3, -2, 5], totals: ['gross', 'net'] },
  ],
  [
    { title: 'Risk and return', kind: 'scatter', about: '', xLabel: 'risk', yLabel: 'return' },
    { x: [1, 2, 3, 4], y: [2, 1, 4, 3], group: [0, 0, 1, 1], groups: ['kept', 'dropped'], labels: ['a', 'b', 'c', 'd'] },
  ],
  [
    { title: 'Who leads whom', kind: 'heatmap', about: '', unit: 'bp' },
    { rows: ['repo', 'govt'], columns: ['XBT', 'ETH', 'SOL'], values: [1, 2, 3, 4, Number.NaN, 6] },
  ],
  [
    { title: 'Positions', kind: 'table', about: '', columns: ['pair', 'qty'] } as PanelDescription,
    {
      value: [
        { cells: { pair: 'XBTUSD', qty: 2 }, detail: ['Bought at 100'] },
        { cells: { pair: '<img onerror>', qty: 11 } },
        { cells: { pair: '=1+1', qty: 3 } },
      ],
    },
  ],
  [
    { title: 'The swarm', kind: 'network', about: 'Who spoke to whom.' },
    {
      nodes: Array.from({ length: 40 }, (_, i) => ({
        id: `n${i}`,
        label: `Learner ${i}`,
        group: ['learner', 'miner', 'trader'][i % 3],
        heat: i % 5 === 0 ? 1 : 0,
        detail: [`Published ${i} ideas`],
      })),
      edges: Array.from({ length: 39 }, (_, i) => ({ from: `n${i}`, to: `n${i + 1}`, heat: i % 5 === 0 ? 0.8 : 0 })),
    },
  ],
  [
    { title: 'Collisions', kind: 'timeline', about: '' },
    {
      lanes: ['XBTUSD', 'ETHUSD'],
      events: [
        { lane: 'XBTUSD', time: start, group: 'met', label: 'met', detail: ['0 bars apart'] },
        { lane: 'ETHUSD', time: start + hour, until: start + 5 * hour, group: 'missed', label: 'missed', detail: ['by 4 bars'] },
      ],
    },
  ],
  [{ title: 'Contagion', kind: 'gauge', about: '', min: 0, max: 1, warnAt: 0.7 }, { value: 0.82 }],
  [
    { title: 'Why', kind: 'text', about: '' },
    { lines: ['Nothing is traded: no idea has come.'], figures: { trades: 12, 'win rate': 0.5 } },
  ],
]

const descriptions = shown.map(([description]) => description)
for (const [{ title, choices = [''] }, fields] of shown)
  for (const [field, value] of Object.entries(fields)) {
    const name = `${question('panel', title, choices[0] ?? '')}/${field}`
    if (Array.isArray(value) && typeof value[0] === 'number') parts.setArray(name, Float64Array.from(value as number[]))
    else parts.setJson(name, value)
  }

/** 600 steps: two blocks of 256 points and a tail. */
for (const [column, scale] of [
  ['gini', 1],
  ['happy', 1000],
] as const) {
  const points = Float64Array.from({ length: 600 * 4 }, (_, i) =>
    i % 4 === 0 ? i / 4 : scale * (1.5 + Math.sin(Math.floor(i / 4) / 40)),
  )
  for (let k = 0; k < 2; k++) parts.setArray(`${seriesName(column)}/block/${k}`, points.subarray(k * 1024, (k + 1) * 1024))
  for (let k = 0; k < 6; k++)
    parts.setArray(`${seriesName(column)}/tail/${k}`, points.subarray(2048 + k * 64, Math.min(2400, 2048 + (k + 1) * 64)))
}

const onAsk = (card: string, questions: readonly string[]) => {
  asked.set(card, questions)
  document.body.dataset.asked = [...asked.values()].flat().join(' ')
}

function Page({ version }: { version: number }) {
  return (
    <main>
      <h1>Panels</h1>
      <SeriesPanels columns={['gini', 'happy']} charts={['gini']} parts={parts} version={version} onAsk={onAsk} />
      <div class="panels">
        {descriptions.map(description => (
          <PanelCard key={description.title} description={description} parts={parts} version={version} onAsk={onAsk} />
        ))}
      </div>
    </main>
  )
}

const app = document.getElementById('app')
let version = 1
const show = () => app !== null && render(<Page version={version} />, app)

/** One more event, as a frame brings it: with all that were there before. */
function happen(): void {
  const name = question('panel', 'Collisions', '')
  const events = parts.json(`${name}/events`) as readonly object[]
  const event = { lane: 'XBTUSD', time: start + 9 * hour, group: 'met', label: 'met again', detail: ['1 bar apart'] }
  parts.setJson(`${name}/events`, [...events, event])
  version++
  show()
}

Object.assign(globalThis, { happen })
show()
