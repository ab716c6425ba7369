/** How many agents have each look. */

import type { AgentLook } from '../../src/view/index.js'
import { type Scene, valueAt } from './scene.js'

export interface LegendEntry extends AgentLook {
  readonly count: number
}

/** Looks of a legend at most; the rest are counted together by the caller's choice of words. */
export const legendEntries = 24

/** Looks by type; those with one name become one entry with the colour of the first. Looks that nobody has are kept at 0. */
export function legendOf(scene: Scene): LegendEntry[] {
  const counts = new Array<number>(scene.looks.length).fill(0)
  for (const { look, ids } of scene.crowds) {
    if (look.length === 1) counts[valueAt(look, 0)] = (counts[valueAt(look, 0)] ?? 0) + ids.length
    else for (let i = 0; i < ids.length; i++) (counts[look[i] as number] as number)++
  }
  const entries = new Map<string, { count: number } & AgentLook>()
  scene.looks.forEach((look, i) => {
    const key = look.label === look.type ? `${look.type}\n${look.color}\n${look.shape}` : `${look.type}\n${look.label}`
    const entry = entries.get(key)
    if (entry === undefined) entries.set(key, { ...look, count: counts[i] as number })
    else entry.count += counts[i] as number
  })
  return [...entries.values()]
}
