/** What lies under the pointer: the cell, its values in each layer, and the agent. */

import type { Scene } from '../draw/scene.js'
import { valueAt } from '../draw/scene.js'
import { valueText } from './text.js'
import type { Hovered } from './world-stage.js'

export function HoverCard({ scene, hovered }: { scene: Scene; hovered: Hovered }) {
  const lines = linesOf(scene, hovered)
  if (lines.length === 0) return null
  const { x, y } = hovered
  return (
    <div class="hover-card" style={{ transform: `translate(${Math.round(x)}px, ${Math.round(y)}px)` }} aria-hidden="true">
      <dl>
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function linesOf(scene: Scene, { cell, agent }: Hovered): [string, string][] {
  const lines: [string, string][] = []
  const { space } = scene
  if (cell !== undefined && (space.kind === 'square' || space.kind === 'hex')) {
    lines.push(['cell', `${cell % space.width}, ${Math.floor(cell / space.width)}`])
    for (const { name, values } of scene.layers) lines.push([name, valueText(values[cell])])
  }
  if (agent !== undefined) {
    lines.push(['agent', `${agent.type} #${agent.id}`])
    const label = labelOf(scene, agent.id)
    if (label !== undefined && label !== agent.type) lines.push(['is', label])
  }
  return lines
}

function labelOf(scene: Scene, id: number): string | undefined {
  for (const { ids, look } of scene.crowds) {
    const i = ids.indexOf(id)
    if (i >= 0) return scene.looks[valueAt(look, i)]?.label
  }
  return undefined
}
