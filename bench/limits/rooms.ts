/** Cells that hold three by hand: three places a cell. */

import { chanceOf, shuffledNumbers } from './chance.js'

export function rooms({ people, side, steps }: { people: number; side: number; steps: number }, seed: number): number {
  const chance = chanceOf(seed)
  const cells = side * side
  const counts = new Uint8Array(cells)
  const inside = new Int32Array(3 * cells)
  const met = new Int32Array(people)
  const at = new Int32Array(people)
  const enter = (i: number, cell: number) => {
    const n = counts[cell] as number
    inside[3 * cell + n] = i
    counts[cell] = n + 1
    at[i] = cell
  }
  const leave = (i: number, cell: number) => {
    const last = 3 * cell + (counts[cell] as number) - 1
    for (let k = 3 * cell; k <= last; k++) if (inside[k] === i) inside[k] = inside[last] as number
    counts[cell] = (counts[cell] as number) - 1
  }
  for (let i = 0; i < people; i++) {
    let cell = (chance() * cells) | 0
    while (counts[cell] === 3) cell = (chance() * cells) | 0
    enter(i, cell)
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
      if (counts[to] !== 3) {
        leave(i, from)
        enter(i, to)
      }
      const here = at[i] as number
      for (let k = 3 * here; k < 3 * here + (counts[here] as number); k++) {
        const other = inside[k] as number
        if (other !== i) met[other] = (met[other] as number) + 1
      }
    }
  }
  return met[0] as number
}
