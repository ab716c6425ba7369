/** Cells that hold three by hand: a count a cell. */

import { chanceOf, shuffledNumbers } from './chance.js'

export function rooms({ people, side, steps }: { people: number; side: number; steps: number }, seed: number): number {
  const chance = chanceOf(seed)
  const cells = side * side
  const counts = new Uint8Array(cells)
  const at = new Int32Array(people)
  for (let i = 0; i < people; i++) {
    let cell = (chance() * cells) | 0
    while (counts[cell] === 3) cell = (chance() * cells) | 0
    counts[cell] = (counts[cell] as number) + 1
    at[i] = cell
  }
  for (let step = 0; step < steps; step++) {
    const order = shuffledNumbers(people, chance)
    for (let o = 0; o < people; o++) {
      const i = order[o] as number
      const from = at[i] as number
      const x = from % side
      const y = (from - x) / side
      const k = (chance() * 8) | 0
      const k9 = k < 4 ? k : k + 1
      const to = ((y + ((k9 / 3) | 0) - 1 + side) % side) * side + ((x + (k9 % 3) - 1 + side) % side)
      if (counts[to] === 3) continue
      counts[from] = (counts[from] as number) - 1
      counts[to] = (counts[to] as number) + 1
      at[i] = to
    }
  }
  return counts[0] as number
}
