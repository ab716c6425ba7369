/** Sentences, and figures with their names. */

import { useEffect } from 'preact/hooks'
import { shownCell } from './numbers.js'
import { field, type PanelProps } from './panel.js'

export function Text({ parts, name, version, offer }: PanelProps) {
  const lines = field<readonly string[]>(parts, name, 'lines') ?? []
  const figures = Object.entries(field<Record<string, unknown>>(parts, name, 'figures') ?? {})
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
      {lines.map(line => (
        <p key={line}>{line}</p>
      ))}
    </div>
  )
}
