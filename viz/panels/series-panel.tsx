/** Every collected column as lines: those that the scenario charts come first, the reader chooses more. */

import { useEffect, useState } from 'preact/hooks'
import { type Parts, seriesName } from '../../src/view/index.js'
import { LineChart, savedLines } from './line-chart.js'
import { lineOf } from './line-data.js'
import type { Saved } from './panel.js'
import { Card } from './panel-card.js'

export interface SeriesPanelsProps {
  readonly columns: readonly string[]
  readonly charts: readonly string[]
  readonly parts: Parts
  readonly version: number
  onAsk(card: string, questions: readonly string[]): void
}

/** One card for the charts of the scenario together where they are few, and one for each column that is chosen. */
export function SeriesPanels({ columns, charts, parts, version, onAsk }: SeriesPanelsProps) {
  const standard = charts.length > 0 ? charts.filter(name => columns.includes(name)) : columns.slice(0, 4)
  const [chosen, setChosen] = useState<readonly string[]>(standard)
  const [search, setSearch] = useState('')
  if (columns.length === 0) return <p class="empty">This scenario collects no columns of its model.</p>
  const turn = (name: string) => setChosen(chosen.includes(name) ? chosen.filter(each => each !== name) : [...chosen, name])
  const found = columns.filter(name => name.toLowerCase().includes(search.trim().toLowerCase()))
  return (
    <>
      <details class="column-picker">
        <summary>
          {chosen.length} of {columns.length} columns
        </summary>
        {columns.length > 12 && (
          <input
            type="search"
            placeholder="Find a column"
            aria-label="Find a column"
            value={search}
            onInput={e => setSearch(e.currentTarget.value)}
          />
        )}
        <div class="column-list">
          {found.map(name => (
            <label key={name}>
              <input type="checkbox" checked={chosen.includes(name)} onChange={() => turn(name)} /> {wordsOf(name)}
            </label>
          ))}
        </div>
      </details>
      <div class="panels">
        {chosen.map(name => (
          <Card key={name} title={wordsOf(name)} asks={['series/model']} version={version} onAsk={onAsk}>
            {(turn, offer) => <SeriesChart name={name} parts={parts} version={turn} offer={offer} />}
          </Card>
        ))}
      </div>
    </>
  )
}

/** A column's name as a reader writes it. */
function wordsOf(column: string): string {
  return column.replaceAll('_', ' ')
}

interface SeriesChartProps {
  readonly name: string
  readonly parts: Parts
  readonly version: number
  offer(saved: Saved): void
}

function SeriesChart({ name, parts, version, offer }: SeriesChartProps) {
  const [log, setLog] = useState(false)
  const line = lineOf(wordsOf(name), seriesName(name), parts)
  useEffect(() => offer(savedLines([line], log)), [version, log])
  if (line.steps.length === 0) return <p class="empty">No steps yet.</p>
  return (
    <>
      <LineChart label={name} lines={[line]} log={log} height={160} />
      <p class="note">
        <label>
          <input type="checkbox" checked={log} onChange={event => setLog(event.currentTarget.checked)} /> logarithmic
        </label>
      </p>
    </>
  )
}
