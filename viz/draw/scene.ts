/** What stands in the world at one frame, as places, sizes and looks: read from parts, without a picture yet. */

import type { About, AgentLook, PartArray, Parts, SpaceDescription } from '../../src/view/index.js'
import { NetworkLayout } from './network-layout.js'
import { type Block, blocksFor, cellX, cellY, type Extent, extentOf, unitOf } from './places.js'

/** The agents of one type. `look`, `size` and `angle` have one value where all are alike. */
export interface Crowd {
  readonly type: string
  readonly ids: Uint32Array
  /** Two coordinates of the world an agent. */
  readonly at: Float32Array
  readonly look: Uint16Array
  readonly size: Float32Array
  readonly angle: Float32Array
}

export interface SceneLayer {
  readonly name: string
  readonly colors: readonly string[]
  readonly min: number
  readonly max: number
  readonly values: PartArray
}

export interface Scene {
  readonly space: SpaceDescription
  readonly extent: Extent
  /** World size of an agent of size 1. */
  readonly unit: number
  readonly crowds: readonly Crowd[]
  readonly looks: readonly AgentLook[]
  readonly layers: readonly SceneLayer[]
  /** Of a network: two nodes an edge, and two coordinates a node. */
  readonly edges: Uint32Array | undefined
  readonly nodes: Float32Array | undefined
  /** Of agents that stand nowhere: the type above each block, and the height of its line; none where there is only one type. */
  readonly headings: readonly { readonly text: string; readonly x: number; readonly y: number }[]
  readonly heading: number
}

/** Reads scenes frame by frame. It keeps the layout of a network, and the range of values a layer has had. */
export class SceneReader {
  readonly layout = new NetworkLayout()
  private readonly ranges = new Map<string, { min: number; max: number }>()
  private readonly places = new Map<string, Float32Array>()
  private epoch = -1

  /** Undefined until the first frame has come. */
  read(parts: Parts): Scene | undefined {
    const space = parts.json('space') as SpaceDescription | undefined
    const about = parts.json('about') as About | undefined
    if (space === undefined || about === undefined) return undefined
    if (parts.epoch !== this.epoch) this.ranges.clear()
    this.epoch = parts.epoch
    const types = Object.keys((parts.json('types') ?? {}) as Record<string, number>)
    const ids = types.map(type => idsOf(parts, type))
    const edges = parts.array('edges') as Uint32Array | undefined
    if (space.kind === 'network') this.layout.take({ nodes: nodesOf(space.nodes, edges, parts, types), edges: edges ?? none })
    const { blocks, heading, ...extent } = blocksFor(ids.map(({ length }) => length))
    return {
      space,
      extent: extentOf(space, extent),
      unit: unitOf(
        space,
        ids.reduce((sum, { length }) => sum + length, 0),
      ),
      crowds: types.map((type, i) => this.crowdOf(parts, space, type, ids[i] as Uint32Array, blocks[i])),
      looks: (parts.json('looks') ?? []) as readonly AgentLook[],
      layers: about.layers.flatMap(layer => this.layerOf(parts, layer)),
      edges,
      nodes: space.kind === 'network' ? this.layout.at : undefined,
      headings: space.kind === 'none' ? headingsOf(types, ids, blocks, heading) : [],
      heading,
    }
  }

  private crowdOf(parts: Parts, space: SpaceDescription, type: string, ids: Uint32Array, block: Block | undefined): Crowd {
    const of = <A>(field: string, otherwise: A) => (parts.array(`agents/${type}/${field}`) ?? otherwise) as A
    const at = space.kind === 'plane' ? of('xy', noPlaces) : this.room(type, 2 * ids.length)
    if (space.kind === 'none') inRows(at, block)
    else if (space.kind === 'network') atNodes(at, of('cell', none), this.layout.at)
    else if (space.kind !== 'plane') inCells(at, of('cell', none), space)
    return { type, ids, at, look: of('look', noLooks), size: of('size', oneSize), angle: of('angle', noAngle) }
  }

  /** An array of so many numbers that is used again at each frame. */
  private room(type: string, length: number): Float32Array {
    const kept = this.places.get(type)
    if (kept !== undefined && kept.length >= length) return kept.subarray(0, length)
    const room = new Float32Array(2 * length)
    this.places.set(type, room)
    return room.subarray(0, length)
  }

  private layerOf(parts: Parts, layer: About['layers'][number]): SceneLayer[] {
    const values = parts.array(`layer/${layer.name}`)
    if (values === undefined) return []
    const range = layer.min === undefined || layer.max === undefined ? this.rangeOf(layer.name, values) : { min: 0, max: 1 }
    return [{ name: layer.name, colors: layer.colors, min: layer.min ?? range.min, max: layer.max ?? range.max, values }]
  }

  /** It only widens, so that colours keep their meaning while a run goes on. */
  private rangeOf(name: string, values: PartArray): { min: number; max: number } {
    const { min: least, max: most } = this.ranges.get(name) ?? { min: Infinity, max: -Infinity }
    let [min, max] = [least, most]
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number
      if (value < min) min = value
      if (value > max && value < Infinity) max = value
    }
    this.ranges.set(name, { min, max })
    return min <= max ? { min, max } : { min: 0, max: 1 }
  }
}

const none = new Uint32Array(0)
const noPlaces = new Float32Array(0)
const noLooks = new Uint16Array(1)
const oneSize = Float32Array.of(1)
const noAngle = new Float32Array(1)

/** The value of one agent, in an array that has one for all where all are alike. */
export function valueAt(array: Uint16Array | Float32Array, index: number): number {
  return (array.length === 1 ? array[0] : array[index]) ?? 0
}

function idsOf(parts: Parts, type: string): Uint32Array {
  return (parts.array(`agents/${type}/id`) ?? none) as Uint32Array
}

/** Numbers of removed nodes leave gaps, so the highest that is used counts. */
function nodesOf(count: number, edges: Uint32Array | undefined, parts: Parts, types: readonly string[]): number {
  let end = count
  for (const node of edges ?? none) if (node >= end) end = node + 1
  for (const type of types)
    for (const node of (parts.array(`agents/${type}/cell`) ?? none) as Uint32Array) if (node >= end) end = node + 1
  return end
}

function headingsOf(
  types: readonly string[],
  ids: readonly Uint32Array[],
  blocks: readonly Block[],
  heading: number,
): Scene['headings'] {
  if (heading === 0) return []
  return types.flatMap((text, i) => {
    const { x = 0, y = 0 } = blocks[i] ?? {}
    return ids[i]?.length === 0 ? [] : [{ text, x, y: y - heading }]
  })
}

function inRows(at: Float32Array, { x, y, width }: Block = { x: 0, y: 0, width: 1 }): void {
  for (let i = 0; i < at.length / 2; i++) {
    at[2 * i] = x + (i % width) + 0.5
    at[2 * i + 1] = y + Math.floor(i / width) + 0.5
  }
}

function atNodes(at: Float32Array, cells: Uint32Array, nodes: Float32Array): void {
  for (let i = 0; i < cells.length; i++) {
    const node = cells[i] as number
    at[2 * i] = nodes[2 * node] as number
    at[2 * i + 1] = nodes[2 * node + 1] as number
  }
}

function inCells(at: Float32Array, cells: Uint32Array, space: SpaceDescription): void {
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i] as number
    at[2 * i] = cellX(space, cell)
    at[2 * i + 1] = cellY(space, cell)
  }
}
