/** What a kind of panel is: one component in one file of this folder, and one line in `kinds.ts`. */

import type { ComponentType } from 'preact'
import type { PanelDescription, Parts } from '../../src/view/index.js'
import type { Theme } from './palette.js'
import type { Pen } from './pen.js'
import type { Size } from './plot-area.js'

/** What every panel is given. Its data are parts, whose names begin with `name`: `panel/<title>/<choice>`. */
export interface PanelProps {
  readonly description: PanelDescription
  readonly parts: Parts
  readonly name: string
  /** Counts up with the frames that may change the panel. */
  readonly version: number
  /** Says what the panel can be saved as; called again whenever that changes. */
  offer(saved: Saved): void
}

export type PanelComponent = ComponentType<PanelProps>

/** What a panel can be saved as. */
export interface Saved {
  /** Draws it as a picture; absent where it is only rows. */
  readonly draw?: (pen: Pen, size: Size, theme: Theme) => void
  /** Its data. */
  readonly rows: () => SavedRows
}

export interface SavedRows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}

/** A field of what the panel shows, as numbers; empty until it comes. */
export function numbers(parts: Parts, name: string, field: string): ArrayLike<number> {
  const array = parts.array(`${name}/${field}`)
  if (array !== undefined) return array
  const value = parts.json(`${name}/${field}`)
  return Array.isArray(value) ? (value as number[]) : []
}

/** A field of what the panel shows, as it was given; undefined until it comes. */
export function field<T>(parts: Parts, name: string, key: string): T | undefined {
  return parts.json(`${name}/${key}`) as T | undefined
}

/** Whether anything has come. */
export function hasCome(parts: Parts, name: string): boolean {
  for (const part of parts.names()) if (part.startsWith(`${name}/`)) return true
  return false
}
