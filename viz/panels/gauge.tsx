/** One value on a scale. */

import { useEffect } from 'preact/hooks'
import { shown } from './numbers.js'
import { field, type PanelProps } from './panel.js'

export function Gauge({ description, parts, name, offer }: PanelProps) {
  const { title, unit = '', min = 0, max = 1, warnAt } = description
  const value = field<number | null>(parts, name, 'value') ?? null
  const warns = value !== null && warnAt !== undefined && value >= warnAt
  useEffect(() => offer({ rows: () => ({ columns: ['value'], rows: [[value]] }) }), [value])
  return (
    <div class="gauge" data-warns={warns}>
      <p class="gauge-value">
        {value === null ? '–' : shown(value)} <span class="unit">{unit}</span>
        {warns && <strong class="gauge-warning">above {shown(warnAt)}</strong>}
      </p>
      <meter aria-label={title} min={min} max={max} high={warnAt ?? max} value={value ?? min}>
        {value === null ? 'no value yet' : shown(value)}
      </meter>
      <p class="gauge-ends">
        <span>{shown(min)}</span>
        <span>{shown(max)}</span>
      </p>
    </div>
  )
}
