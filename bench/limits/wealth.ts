/** Boltzmann wealth by hand over plain objects: a shuffled loop in which every agent with a coin gives one to a random agent. */

import { chanceOf } from './chance.js'

export function wealth(people: number, steps: number, seed: number): { wealth: number }[] {
  const chance = chanceOf(seed)
  const all: { wealth: number }[] = []
  for (let i = 0; i < people; i++) all.push({ wealth: 1 })
  const order = all.slice()
  for (let step = 0; step < steps; step++) {
    for (let i = people - 1; i > 0; i--) {
      const j = Math.floor(chance() * (i + 1))
      const t = order[i] as { wealth: number }
      order[i] = order[j] as { wealth: number }
      order[j] = t
    }
    for (let i = 0; i < people; i++) {
      const giver = order[i] as { wealth: number }
      if (giver.wealth === 0) continue
      const taker = all[Math.floor(chance() * people)] as { wealth: number }
      giver.wealth--
      taker.wealth++
    }
  }
  return all
}
