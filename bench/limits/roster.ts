/** 121 plain objects stepped in random order; with `collect`, one value of the whole and one of each written down a step. */

import { chanceOf } from './chance.js'

class Member {
  value = 0
  step(): void {}
}

export function roster(agents: number, steps: number, collect: boolean, seed: number): number {
  const chance = chanceOf(seed)
  const members = Array.from({ length: agents }, () => new Member())
  const order = members.slice()
  let model = new Float64Array(64)
  let values = new Float64Array(64)
  let rows = 0
  for (let step = 0; step < steps; step++) {
    for (let i = agents - 1; i > 0; i--) {
      const j = (chance() * (i + 1)) | 0
      const t = order[i] as Member
      order[i] = order[j] as Member
      order[j] = t
    }
    for (let i = 0; i < agents; i++) (order[i] as Member).step()
    if (!collect) continue
    if (step === model.length) model = wider(model)
    if (rows + agents > values.length) values = wider(values)
    model[step] = step
    for (let i = 0; i < agents; i++) values[rows++] = (members[i] as Member).value
  }
  return rows
}

function wider(old: Float64Array): Float64Array<ArrayBuffer> {
  const array = new Float64Array(old.length * 2 + 128)
  array.set(old)
  return array
}
