/** What a kind of panel is: one component in one file of this folder, and one line in `kinds.ts`. */

import type { ComponentType } from 'preact'
import type { PanelDescription, Parts } from '../../src/view/index.js'

/** What every panel is given. It draws from `parts`, where its fields stand under `name`: `panel/<title>/<choice>/<field>`. */
export interface PanelProps {
  readonly description: PanelDescription
  readonly parts: Parts
  /** The name its parts begin with. */
  readonly name: string
  /** Counts up with each frame, so that a panel draws again. */
  readonly version: number
  /** The step or instant under the pointer in any linked chart; null where there is none. */
  readonly cursor: number | null
  onCursor(at: number | null): void
}

export type PanelComponent = ComponentType<PanelProps>
