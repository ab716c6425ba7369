/** Several sources of an operator's commands as one: the folder, a chat. */

import type { TickInput } from '../../../model/index.js'
import type { Control } from './control.js'

export function joinedControl(controls: readonly Control[]): Control {
  return {
    take: (): TickInput[] => controls.flatMap(control => control.take()),
    committed() {
      for (const control of controls) control.committed()
    },
  }
}
