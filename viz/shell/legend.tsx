/** The legend of the world: looks with their counts, each a switch, and the scale of the layer that is shown. */

import { parseColor } from '../draw/color.js'
import { gradientOf, scaleColors } from '../draw/color-scale.js'
import { type LegendEntry, legendEntries } from '../draw/legend.js'
import type { SceneLayer } from '../draw/scene.js'
import { countText, valueText } from './text.js'

interface LegendProps {
  readonly entries: readonly LegendEntry[]
  readonly hidden: ReadonlySet<string>
  onHidden(hidden: ReadonlySet<string>): void
  readonly layers: readonly SceneLayer[]
  /** The name of the layer shown; empty: none. */
  readonly layer: string
  onLayer(name: string): void
}

export function Legend({ entries, hidden, onHidden, layers, layer, onLayer }: LegendProps) {
  const shown = entries.slice(0, legendEntries)
  const rest = entries.slice(legendEntries).reduce((sum, { count }) => sum + count, 0)
  const flip = (key: string) => {
    const next = new Set(hidden)
    if (!next.delete(key)) next.add(key)
    onHidden(next)
  }
  return (
    <div class="legend">
      <ul class="looks" aria-label="Legend">
        {shown.map(entry => (
          <LookSwitch
            key={`${keyOf(entry)} ${entry.color}`}
            entry={entry}
            isOn={!hidden.has(keyOf(entry))}
            onFlip={() => flip(keyOf(entry))}
          />
        ))}
        {rest > 0 && <li class="quiet">and {countText(rest)} of other looks</li>}
      </ul>
      {layers.length > 0 && <LayerScale layers={layers} layer={layer} onLayer={onLayer} />}
    </div>
  )
}

function LookSwitch({ entry, isOn, onFlip }: { entry: LegendEntry; isOn: boolean; onFlip(): void }) {
  return (
    <li>
      <button type="button" class="look" aria-pressed={isOn} onClick={onFlip} title={isOn ? 'Hide' : 'Show'}>
        <Swatch shape={entry.shape} color={entry.color} />
        <span class="name">{entry.label}</span>
        <span class="count">{countText(entry.count)}</span>
      </button>
    </li>
  )
}

function Swatch({ shape, color }: Pick<LegendEntry, 'shape' | 'color'>) {
  return (
    <svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">
      {shape === 'square' ? (
        <rect x="1" y="1" width="10" height="10" fill={color} />
      ) : shape === 'arrow' ? (
        <path d="M12 6 0 10.4 2.6 6 0 1.6Z" fill={color} />
      ) : (
        <circle cx="6" cy="6" r="5.2" fill={color} />
      )}
    </svg>
  )
}

function LayerScale({ layers, layer, onLayer }: Pick<LegendProps, 'layers' | 'layer' | 'onLayer'>) {
  const shown = layers.find(({ name }) => name === layer)
  return (
    <div class="layer-scale">
      <label>
        <span class="hidden-label">Layer</span>
        <select value={layer} onChange={event => onLayer(event.currentTarget.value)}>
          {layers.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
          <option value="">no layer</option>
        </select>
      </label>
      {shown !== undefined && (
        <>
          <span class="number">{valueText(shown.min)}</span>
          <Gradient colors={scaleColors(shown.colors)} />
          <span class="number">{valueText(shown.max)}</span>
        </>
      )}
    </div>
  )
}

/** Only colours are taken from the scenario's text. */
function Gradient({ colors }: { colors: readonly string[] }) {
  const stops = colors.filter(color => parseColor(color) !== undefined || CSS.supports('color', color))
  return <span class="gradient" style={{ backgroundImage: gradientOf(stops) }} />
}

function keyOf({ type, label }: LegendEntry): string {
  return label === type ? type : `${type}/${label}`
}
