/** Gifts in proportion to wealth by hand: the sum, then the place. */

import { chanceOf, shuffledNumbers } from './chance.js'

export function rich({ people, steps }: { people: number; steps: number }, seed: number): number {
  const chance = chanceOf(seed)
  const wealth = new Int32Array(people).fill(10)
  for (let step = 0; step < steps; step++) {
    const order = shuffledNumbers(people, chance)
    for (let o = 0; o < people; o++) {
      const i = order[o] as number
      if (wealth[i] === 0) continue
      wealth[i] = (wealth[i] as number) - 1
      let total = 0
      for (let j = 0; j < people; j++) total += (wealth[j] as number) + 1
      let rest = chance() * total
      let j = 0
      for (; j < people - 1; j++) {
        rest -= (wealth[j] as number) + 1
        if (rest < 0) break
      }
      wealth[j] = (wealth[j] as number) + 1
    }
  }
  return wealth[0] as number
}
