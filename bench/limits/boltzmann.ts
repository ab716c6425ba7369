/** Boltzmann wealth on a torus by hand: positions, wealth and cell lists in integers; Gini and every wealth written down each step. */

import { chanceOf, shuffle } from './chance.js'

export interface BoltzmannSize {
  width: number
  height: number
  people: number
  steps: number
}

/** Gives the last Gini coefficient. */
export function boltzmann({ width, height, people, steps }: BoltzmannSize, seed: number): number {
  const chance = chanceOf(seed)
  const cells = width * height
  const wealth = new Int32Array(people).fill(1)
  const at = new Int32Array(people)
  const first = new Int32Array(cells).fill(-1)
  const next = new Int32Array(people)
  const prev = new Int32Array(people)
  const order = new Int32Array(people)
  const sorted = new Float64Array(people)
  let collected = new Float64Array(people)
  const ginis = new Float64Array(steps)
  let rows = 0
  const enter = (p: number, cell: number) => {
    const head = first[cell] as number
    next[p] = head
    prev[p] = -1
    if (head >= 0) prev[head] = p
    first[cell] = p
    at[p] = cell
  }
  const leave = (p: number) => {
    const after = next[p] as number
    const before = prev[p] as number
    if (after >= 0) prev[after] = before
    if (before >= 0) next[before] = after
    else first[at[p] as number] = after
  }
  for (let p = 0; p < people; p++) {
    order[p] = p
    enter(p, (chance() * cells) | 0)
  }
  for (let step = 0; step < steps; step++) {
    shuffle(order, people, chance)
    for (let i = 0; i < people; i++) {
      const p = order[i] as number
      const from = at[p] as number
      const y = (from / width) | 0
      const x = from - y * width
      const k = (chance() * 8) | 0
      const k9 = k < 4 ? k : k + 1
      let nx = x + (k9 % 3) - 1
      let ny = y + ((k9 / 3) | 0) - 1
      if (nx < 0) nx += width
      else if (nx >= width) nx -= width
      if (ny < 0) ny += height
      else if (ny >= height) ny -= height
      const cell = ny * width + nx
      leave(p)
      enter(p, cell)
      if ((wealth[p] as number) === 0) continue
      let mates = -1
      for (let o = first[cell] as number; o >= 0; o = next[o] as number) mates++
      if (mates === 0) continue
      let o = next[p] as number
      for (let pick = (chance() * mates) | 0; pick > 0; pick--) o = next[o] as number
      wealth[p] = (wealth[p] as number) - 1
      wealth[o] = (wealth[o] as number) + 1
    }
    if (rows + people > collected.length) {
      const wider = new Float64Array(collected.length * 2)
      wider.set(collected)
      collected = wider
    }
    for (let p = 0; p < people; p++) collected[rows++] = wealth[p] as number
    ginis[step] = gini(wealth, sorted)
  }
  return ginis[steps - 1] as number
}

function gini(wealth: Int32Array, sorted: Float64Array): number {
  sorted.set(wealth)
  sorted.sort()
  const n = sorted.length
  let total = 0
  let weighted = 0
  for (let i = 0; i < n; i++) {
    total += sorted[i] as number
    weighted += (i + 1) * (sorted[i] as number)
  }
  return (2 * weighted) / (n * total) - (n + 1) / n
}
