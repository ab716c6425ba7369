/** Several sources of an operator's commands as one: the folder, a chat. */

import type { TickInput } from '../../../model/index.js'
import type { Control } from './control.js'

/** Counters of each but the first are told apart by its name. */
export function joinedControl(first: Control, others: Readonly<Record<string, Control>>): Control {
  const controls = [first, ...Object.values(others)]
  return {
    get counters() {
      const named = Object.entries(others).flatMap(([name, { counters }]) =>
        Object.entries(counters).map(([what, n]) => [`${name}.${what}`, n] as const),
      )
      return { ...first.counters, ...Object.fromEntries(named) }
    },
    take: (): TickInput[] => controls.flatMap(control => control.take()),
    committed() {
      for (const control of controls) control.committed()
    },
  }
}
