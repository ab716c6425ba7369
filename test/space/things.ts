/** What the space tests share: a thing that can be placed, streams, and a save-and-restore round trip. */

import { ByteReader, GraphDecoder, GraphEncoder, type Rng, rootOf, Stream } from '../../src/core/index.js'
import type { Placeable } from '../../src/space/index.js'

export class Thing implements Placeable {
  readonly alive: boolean = true
  readonly _home: object | undefined = undefined
  readonly _spot: number = -1
  constructor(readonly id: number) {}
  get key(): string {
    return `${this.constructor.name}-${this.id}`
  }
}

export function things(n: number): Thing[] {
  return Array.from({ length: n }, (_, i) => new Thing(i))
}

export function stream(seed: number | string = 1): Rng {
  return new Stream(rootOf(seed), 'test')
}

export function bytesOf(value: unknown): Uint8Array {
  const encoder = new GraphEncoder(undefined, { numberOf: o => (o instanceof Thing ? o.id : undefined), find: () => ({}) })
  encoder.value(value)
  return encoder.out.copy()
}

/** Whether two values are saved as the same bytes. */
export function sameBytes(a: unknown, b: unknown): boolean {
  return Buffer.from(bytesOf(a)).equals(bytesOf(b))
}

/** The value restored with a fresh set of things in the place of the saved ones, and those things. */
export function restored<T>(value: T): { copy: T; cast: Thing[] } {
  const cast: Thing[] = []
  const find = (n: number) => {
    cast[n] ??= new Thing(n)
    return cast[n]
  }
  return { copy: new GraphDecoder(new ByteReader(bytesOf(value)), { numberOf: () => undefined, find }).value() as T, cast }
}

export const idsOf = (list: readonly Thing[]): number[] => list.map(t => t.id)
export const sorted = (list: readonly number[]): number[] => [...list].sort((a, b) => a - b)
