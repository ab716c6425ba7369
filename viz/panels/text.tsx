/** Sentences, and figures with their names. */

import { useEffect } from 'preact/hooks'
import { shownCell } from './numbers.js'
import { field, type PanelProps } from './panel.js'
import { Spark } from './spark.js'

export function Text({ description, parts, name, version, offer }: PanelProps) {
  const lines = field<readonly string[]>(parts, name, 'lines') ?? []
  const figures = Object.entries(field<Record<string, unknown>>(parts, name, 'figures') ?? {})
  const spark = field<readonly (number | null)[]>(parts, name, 'spark')
  const { title, min = 0, max = 1 } = description
  useEffect(
    () => offer({ rows: () => ({ columns: ['name', 'value'], rows: [...lines.map(line => ['', line]), ...figures] }) }),
    [version],
  )
  return (
    <div class="text-panel">
      {figures.length > 0 && (
        <dl class="figures">
          {figures.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{shownCell(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      {spark !== undefined && (
        <Spark values={spark} label={`${title}: its course, on one scale with its neighbours`} range={[min, max]} />
      )}
      {lines.map(line => (
        <p key={line}>{line}</p>
      ))}
    </div>
  )
}
