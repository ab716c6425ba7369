/** Which agent is meant: by a point of the picture, or the next one in a direction. */

import type { Camera } from './camera.js'
import { type Crowd, type Scene, valueAt } from './scene.js'

/** One agent of a scene, by its type and id, and where it stands in the world. */
export interface Picked {
  readonly type: string
  readonly id: number
  readonly x: number
  readonly y: number
}

/** The agent nearest to a point, at most `reach` pixels from its edge; of several in one place the one painted last. */
export function agentAt(
  scene: Scene,
  camera: Camera,
  px: number,
  py: number,
  reach: number,
  hidden: ReadonlySet<string>,
): Picked | undefined {
  const [x, y] = [(px - camera.x) / camera.scale, (py - camera.y) / camera.scale]
  let found: Crowd | undefined
  let index = 0
  let least = Infinity
  eachShown(scene, hidden, (crowd, i) => {
    const [dx, dy] = [(crowd.at[2 * i] as number) - x, (crowd.at[2 * i + 1] as number) - y]
    const radius = (scene.unit * Math.max(0.5, Math.min(1, valueAt(crowd.size, i)))) / 2 + reach / camera.scale
    const distance = dx * dx + dy * dy
    if (distance > least || distance > radius * radius) return
    least = distance
    found = crowd
    index = i
  })
  return found && placeOf(found, index)
}

/** The nearest agent that lies in a direction, one of the four; for the arrow keys. */
export function agentTowards(
  scene: Scene,
  from: Picked,
  dx: number,
  dy: number,
  hidden: ReadonlySet<string>,
): Picked | undefined {
  let found: Crowd | undefined
  let index = 0
  let least = Infinity
  eachShown(scene, hidden, (crowd, i) => {
    const toX = (crowd.at[2 * i] as number) - from.x
    const toY = (crowd.at[2 * i + 1] as number) - from.y
    const along = toX * dx + toY * dy
    const across = Math.abs(toX * dy) + Math.abs(toY * dx)
    const distance = along + 2 * across
    if (along <= 1e-6 || across > along + 1e-6 || distance >= least) return
    least = distance
    found = crowd
    index = i
  })
  return found && placeOf(found, index)
}

/** The first agent that is shown, where a choice by keyboard begins. */
export function anyAgent(scene: Scene, hidden: ReadonlySet<string>): Picked | undefined {
  let found: Picked | undefined
  eachShown(scene, hidden, (crowd, i) => (found ??= placeOf(crowd, i)))
  return found
}

export function agentOfId(scene: Scene, id: number): Picked | undefined {
  for (const crowd of scene.crowds) {
    const i = crowd.ids.indexOf(id)
    if (i >= 0) return placeOf(crowd, i)
  }
  return undefined
}

/** Those of the ids that stand in the scene, found in one pass. */
export function agentsOfIds(scene: Scene, ids: readonly number[]): Picked[] {
  const wanted = new Set(ids)
  const found: Picked[] = []
  if (wanted.size > 0)
    for (const crowd of scene.crowds)
      for (let i = 0; i < crowd.ids.length; i++) if (wanted.has(crowd.ids[i] as number)) found.push(placeOf(crowd, i))
  return found
}

function placeOf(crowd: Crowd, i: number): Picked {
  return { type: crowd.type, id: crowd.ids[i] as number, x: crowd.at[2 * i] as number, y: crowd.at[2 * i + 1] as number }
}

function eachShown(scene: Scene, hidden: ReadonlySet<string>, f: (crowd: Crowd, index: number) => void): void {
  for (const crowd of scene.crowds) {
    if (hidden.has(crowd.type)) continue
    for (let i = 0; i < crowd.ids.length; i++) {
      const look = hidden.size === 0 ? undefined : scene.looks[valueAt(crowd.look, i)]
      if (look === undefined || !hidden.has(`${look.type}/${look.label}`)) f(crowd, i)
    }
  }
}
