/** The different looks of agents, by number: colour, shape and what the legend calls them. */

import type { AgentStyle } from '../model/index.js'
import { categoryColor } from './category-colors.js'
import { viewLimits } from './limits.js'

/** One look, as the legend shows it. */
export interface AgentLook {
  readonly type: string
  readonly label: string
  readonly color: string
  readonly shape: NonNullable<AgentStyle['shape']>
}

export class Looks {
  private readonly numbers = new Map<string, number>()
  private readonly types: string[] = []
  readonly list: AgentLook[] = []
  /** Agents of this picture whose look is beyond the limit: they are drawn as the last one. */
  dropped = 0

  /** A picture begins. */
  begin(): void {
    this.dropped = 0
  }

  /** Whether a look is drawn as another because there are too many. */
  isBeyond(type: string, style: AgentStyle): boolean {
    return !this.numbers.has(keyOf(type, style))
  }

  /** The number of a style's look. */
  numberOf(type: string, style: AgentStyle): number {
    const { color, shape = 'circle', label } = style
    const key = keyOf(type, style)
    return this.numbers.get(key) ?? this.add(key, { type, label: label ?? type, color: color || this.colorOf(type), shape })
  }

  private add(key: string, look: AgentLook): number {
    if (this.list.length >= viewLimits.looks) {
      this.dropped++
      return this.list.length - 1
    }
    this.numbers.set(key, this.list.length)
    return this.list.push(look) - 1
  }

  private colorOf(type: string): string {
    let index = this.types.indexOf(type)
    if (index < 0) index = this.types.push(type) - 1
    return categoryColor(index)
  }
}

/** A look is found by a text of all that makes it. */
function keyOf(type: string, { color, shape = 'circle', label }: AgentStyle): string {
  return `${type}\n${color ?? ''}\n${shape}\n${label ?? ''}`
}
