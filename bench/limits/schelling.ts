/** Schelling by hand: a padded byte grid of groups, one array of positions, one of empty cells. */

import { chanceOf, shuffle, shuffledNumbers } from './chance.js'

export interface SchellingSize {
  width: number
  height: number
  agents: number
  radius: number
  wanted: number
  steps: number
}

/** Gives the number of happy agents after the last step. */
export function schelling({ width, height, agents, radius, wanted, steps }: SchellingSize, seed: number): number {
  const chance = chanceOf(seed)
  const wide = width + 2 * radius
  const group = new Uint8Array(wide * (height + 2 * radius))
  const cells = shuffledNumbers(width * height, chance)
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i] as number
    const y = (cell / width) | 0
    cells[i] = (y + radius) * wide + radius + cell - y * width
  }
  const position = cells.slice(0, agents)
  const empty = cells.slice(agents)
  for (let a = 0; a < agents; a++) group[position[a] as number] = 1 + (a & 1)
  const offsets = new Int32Array((2 * radius + 1) ** 2 - 1)
  let n = 0
  for (let dy = -radius; dy <= radius; dy++)
    for (let dx = -radius; dx <= radius; dx++) if (dx !== 0 || dy !== 0) offsets[n++] = dy * wide + dx
  const order = new Int32Array(agents)
  for (let a = 0; a < agents; a++) order[a] = a
  let happy = 0
  for (let step = 0; step < steps; step++) {
    happy = 0
    shuffle(order, agents, chance)
    for (let k = 0; k < agents; k++) {
      const agent = order[k] as number
      const cell = position[agent] as number
      const own = group[cell] as number
      let same = 0
      for (let i = 0; i < offsets.length; i++) if (group[cell + (offsets[i] as number)] === own) same++
      if (same >= wanted) {
        happy++
        continue
      }
      const place = (chance() * empty.length) | 0
      const to = empty[place] as number
      empty[place] = cell
      group[cell] = 0
      group[to] = own
      position[agent] = to
    }
  }
  return happy
}
