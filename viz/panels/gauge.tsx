/** One value on a scale. */

import { useEffect } from 'preact/hooks'
import { shown } from './numbers.js'
import { field, type PanelProps } from './panel.js'

export function Gauge({ description, parts, name, offer }: PanelProps) {
  const { title, unit = '', min = 0, max = 1, warnAt } = description
  const value = field<number | null>(parts, name, 'value') ?? null
  const warns = value !== null && warnAt !== undefined && value >= warnAt
  const share = value === null ? 0 : Math.min(1, Math.max(0, (value - min) / (max - min)))
  useEffect(() => offer({ rows: () => ({ columns: ['value'], rows: [[value]] }) }), [value])
  return (
    <div class="gauge" data-warns={warns}>
      <p class="gauge-value">
        {value === null ? '–' : shown(value)} <span class="unit">{unit}</span>
        {warns && <strong class="gauge-warning">above {shown(warnAt)}</strong>}
      </p>
      <div
        class="gauge-scale"
        role="meter"
        aria-label={title}
        aria-valuemin={min}
        aria-valuemax={max}
        {...(value !== null && { 'aria-valuenow': value })}
      >
        <div class="gauge-fill" style={{ width: `${share * 100}%` }} />
        {warnAt !== undefined && <div class="gauge-mark" style={{ left: `${((warnAt - min) / (max - min)) * 100}%` }} />}
      </div>
      <p class="gauge-ends">
        <span>{shown(min)}</span>
        <span>{shown(max)}</span>
      </p>
    </div>
  )
}
