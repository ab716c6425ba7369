/** Where cells, nodes and agents stand in the world that is drawn; y runs downwards, as in the spaces themselves. */

import type { SpaceDescription } from '../../src/view/index.js'

const rowHeight = Math.sqrt(3) / 2
/** The side of the square a network is laid out in. */
export const networkSide = 1_000

export interface Extent {
  readonly width: number
  readonly height: number
}

/** Size of the world. `rows`: of a model without a space. */
export function extentOf(space: SpaceDescription, rows: Extent): Extent {
  if (space.kind === 'square' || space.kind === 'plane') return { width: space.width, height: space.height }
  if (space.kind === 'network') return { width: networkSide, height: networkSide }
  if (space.kind === 'none') return rows
  return { width: space.width + (space.height > 1 ? 0.5 : 0), height: (space.height - 1) * rowHeight + 2 / Math.sqrt(3) }
}

/** World size of an agent of size 1. */
export function unitOf(space: SpaceDescription, agents: number): number {
  if (space.kind === 'plane') {
    const side = Math.sqrt(space.width * space.height)
    return Math.min(side / 32, Math.max(side / 120, (0.6 * side) / Math.sqrt(Math.max(1, agents))))
  }
  if (space.kind === 'network') return Math.min(60, Math.max(7, (0.4 * networkSide) / Math.sqrt(Math.max(1, space.nodes))))
  return 1
}

export function cellX(space: SpaceDescription, cell: number): number {
  if (space.kind !== 'hex') return space.kind === 'square' ? (cell % space.width) + 0.5 : 0
  return (cell % space.width) + 0.5 + (Math.floor(cell / space.width) & 1) / 2
}

export function cellY(space: SpaceDescription, cell: number): number {
  if (space.kind !== 'hex') return space.kind === 'square' ? Math.floor(cell / space.width) + 0.5 : 0
  return Math.floor(cell / space.width) * rowHeight + 1 / Math.sqrt(3)
}

/** The cell of a grid at a place of the world; undefined outside, and where there are no cells. */
export function cellAt(space: SpaceDescription, x: number, y: number): number | undefined {
  if (space.kind === 'square') return inGrid(space, Math.floor(x), Math.floor(y))
  if (space.kind !== 'hex') return undefined
  const row = Math.round((y - 1 / Math.sqrt(3)) / rowHeight)
  let nearest: number | undefined
  let least = 1 / Math.sqrt(3)
  for (const r of [row - 1, row, row + 1]) {
    const column = Math.floor(x - (r & 1) / 2)
    const cell = inGrid(space, column, r)
    if (cell === undefined) continue
    const distance = Math.hypot(x - cellX(space, cell), y - cellY(space, cell))
    if (distance < least) [nearest, least] = [cell, distance]
  }
  return nearest
}

function inGrid({ width, height }: Extent, column: number, row: number): number | undefined {
  return column < 0 || row < 0 || column >= width || row >= height ? undefined : row * width + column
}

/** Where the agents of one type stand that have no place of their own: row by row from here. */
export interface Block {
  readonly x: number
  readonly y: number
  readonly width: number
}

/** Width of a heading, in its heights. */
const headingWidth = 8
/** Heights of a heading that make the width of all blocks, about. */
const headings = 28

/**
 * Blocks for agents that stand nowhere, one a type, side by side where they are small. `heading`: height of the room above each for its
 * type's name; 0 where there is only one type.
 */
export function blocksFor(counts: readonly number[]): Extent & { readonly blocks: readonly Block[]; readonly heading: number } {
  const all = counts.reduce((sum, n) => sum + n, 0)
  const square = Math.max(1, Math.ceil(Math.sqrt(1.5 * all)))
  if (counts.length < 2)
    return { width: square, height: Math.max(1, Math.ceil(all / square)), blocks: [{ x: 0, y: 0, width: square }], heading: 0 }
  const wanted = Math.ceil(Math.sqrt(6 * all))
  const heading = Math.max(1, Math.round(wanted / headings))
  const least = headingWidth * heading
  const width = Math.max(wanted, 3 * least + 2 * heading)
  const blocks: Block[] = []
  let [x, y, height] = [0, 0, 0]
  for (const n of counts) {
    const wide = Math.min(width, Math.max(n, least))
    if (x + wide > width) {
      x = 0
      y += height
      height = 0
    }
    blocks.push({ x, y: y + heading, width: wide })
    if (n === 0) continue
    height = Math.max(height, heading + Math.ceil(n / wide))
    x += wide + heading
  }
  return { width, height: y + height, blocks, heading }
}
