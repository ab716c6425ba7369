/** Declared lines: columns of the table `model`, and series of the panel's own. */

import { useEffect, useState } from 'preact/hooks'
import { question, seriesName } from '../../src/view/index.js'
import { LineChart, savedLines } from './line-chart.js'
import { lineOf } from './line-data.js'
import type { PanelProps } from './panel.js'

export function Lines({ description, parts, version, offer }: PanelProps) {
  const { title, columns = [], series = [], log: standard = false, unit } = description
  const [log, setLog] = useState(standard)
  const lines = [
    ...columns.map(column => lineOf(column.replaceAll('_', ' '), seriesName(column), parts)),
    ...series.map(name => lineOf(name, question('panel', title, '', name), parts)),
  ]
  useEffect(() => offer(savedLines(lines, log)), [version, log])
  if (lines.every(({ steps }) => steps.length === 0)) return <p class="empty">No steps yet.</p>
  return (
    <>
      <LineChart label={title} lines={lines} log={log} />
      <p class="note">
        {unit !== undefined && <span>{unit} · </span>}
        <label>
          <input type="checkbox" checked={log} onChange={event => setLog(event.currentTarget.checked)} /> logarithmic
        </label>
      </p>
    </>
  )
}
