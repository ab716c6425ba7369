/** Forest fire by hand: one byte a cell, trees visited in the order of their cells, fire spread in place. */

import { chanceOf } from './chance.js'

export interface ForestSize {
  width: number
  height: number
  density: number
  steps: number
}

const [green, burning, burnt] = [1, 2, 3]

/** Gives the share of trees that burnt. */
export function forestFire({ width, height, density, steps }: ForestSize, seed: number): number {
  const chance = chanceOf(seed)
  const wide = width + 2
  const state = new Uint8Array(wide * (height + 2))
  const trees = new Int32Array(width * height)
  let n = 0
  for (let y = 1; y <= height; y++) {
    for (let x = 1; x <= width; x++) {
      if (chance() >= density) continue
      const cell = y * wide + x
      trees[n++] = cell
      state[cell] = x === 1 ? burning : green
    }
  }
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < n; i++) {
      const cell = trees[i] as number
      if (state[cell] !== burning) continue
      if (state[cell - 1] === green) state[cell - 1] = burning
      if (state[cell + 1] === green) state[cell + 1] = burning
      if (state[cell - wide] === green) state[cell - wide] = burning
      if (state[cell + wide] === green) state[cell + wide] = burning
      state[cell] = burnt
    }
  }
  let gone = 0
  for (let i = 0; i < n; i++) if (state[trees[i] as number] === burnt) gone++
  return gone / n
}
