/** Declared lines: columns of the table `model`, and series of the panel's own. */

import { useEffect, useState } from 'preact/hooks'
import { seriesName } from '../../src/view/index.js'
import { Groups, turned } from './groups.js'
import { LineChart, type Shade, savedLines } from './line-chart.js'
import { lineOf } from './line-data.js'
import { field, type PanelProps } from './panel.js'

export function Lines({ description, parts, name, version, offer }: PanelProps) {
  const { title, columns = [], series = [], log: standard = false, unit, isTime = false } = description
  const [log, setLog] = useState(standard)
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const lines = [
    ...columns.map(column => lineOf(column.replaceAll('_', ' '), seriesName(column), parts)),
    ...series.map(each => lineOf(each, `${name}/${encodeURIComponent(each)}`, parts)),
  ]
  const shades = field<readonly Shade[]>(parts, name, 'shades') ?? []
  const levels = field<readonly number[]>(parts, name, 'levels') ?? []
  useEffect(() => offer(savedLines(lines, log, isTime)), [version, log])
  if (lines.every(({ steps }) => steps.length === 0)) return <p class="empty">No steps yet.</p>
  return (
    <>
      {lines.length > 1 && (
        <Groups groups={lines.map(line => line.name)} hidden={hidden} onTurn={each => setHidden(turned(hidden, each))} />
      )}
      <LineChart label={title} lines={lines} log={log} isTime={isTime} hidden={hidden} shades={shades} levels={levels} />
      <p class="note">
        {unit !== undefined && <span>{unit} · </span>}
        <label>
          <input type="checkbox" checked={log} onChange={event => setLog(event.currentTarget.checked)} /> logarithmic scale
        </label>
      </p>
    </>
  )
}
