/** A rumour on a grid and a network at once by hand: linked lists of citizens by cell, one array of neighbours by citizen. */

import { type Chance, chanceOf, shuffledNumbers } from './chance.js'

export function rumour({ people, side, steps }: { people: number; side: number; steps: number }, seed: number): number {
  const chance = chanceOf(seed)
  const first = new Int32Array(side * side).fill(-1)
  const next = new Int32Array(people)
  const prev = new Int32Array(people)
  const at = new Int32Array(people)
  const informed = new Uint8Array(people)
  const { starts, others } = smallWorld(people, 6, 0.1, chance)
  const enter = (i: number, cell: number) => {
    const head = first[cell] as number
    next[i] = head
    prev[i] = -1
    if (head >= 0) prev[head] = i
    first[cell] = i
    at[i] = cell
  }
  const leave = (i: number) => {
    const after = next[i] as number
    const before = prev[i] as number
    if (after >= 0) prev[after] = before
    if (before >= 0) next[before] = after
    else first[at[i] as number] = after
  }
  for (let i = 0; i < people; i++) {
    informed[i] = i % 20 === 0 ? 1 : 0
    enter(i, (chance() * side * side) | 0)
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
      const cx = (x + (k9 % 3) - 1 + side) % side
      const cy = (y + ((k9 / 3) | 0) - 1 + side) % side
      leave(i)
      enter(i, cy * side + cx)
      let heard = 0
      for (let dy = -1; dy <= 1; dy++) {
        const row = ((cy + dy + side) % side) * side
        for (let dx = -1; dx <= 1; dx++) {
          for (let j = first[row + ((cx + dx + side) % side)] as number; j >= 0; j = next[j] as number)
            if (j !== i) heard += informed[j] as number
        }
      }
      for (let e = starts[i] as number; e < (starts[i + 1] as number); e++) heard += informed[others[e] as number] as number
      if (heard > 2) informed[i] = 1
    }
  }
  return informed.reduce((sum, one) => sum + one, 0)
}

/** Watts and Strogatz's, as lists of neighbours one behind the other. */
function smallWorld(nodes: number, degree: number, rewire: number, chance: Chance) {
  const joined = Array.from({ length: nodes }, () => new Set<number>())
  const join = (a: number, b: number) => {
    joined[a]?.add(b)
    joined[b]?.add(a)
  }
  for (let hop = 1; hop <= degree / 2; hop++) for (let i = 0; i < nodes; i++) join(i, (i + hop) % nodes)
  for (let hop = 1; hop <= degree / 2; hop++) {
    for (let i = 0; i < nodes; i++) {
      const to = (i + hop) % nodes
      const mine = joined[i] as Set<number>
      if (chance() >= rewire || !mine.has(to)) continue
      let other = (chance() * nodes) | 0
      while (other === i || mine.has(other)) other = (chance() * nodes) | 0
      mine.delete(to)
      joined[to]?.delete(i)
      join(i, other)
    }
  }
  const starts = new Int32Array(nodes + 1)
  joined.forEach((mine, i) => {
    starts[i + 1] = (starts[i] as number) + mine.size
  })
  return { starts, others: Int32Array.from(joined.flatMap(mine => [...mine])) }
}
