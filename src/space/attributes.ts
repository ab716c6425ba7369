/** Attributes of nodes and edges: a few named values each, as files of graphs carry them. */

import { OperatorError } from '../core/index.js'

/** Named values of a node or an edge, such as `{ weight: 2, kind: 'road' }`. */
export type Attributes = Readonly<Record<string, string | number | boolean>>

const none: Attributes = Object.freeze({})

/** Those of the nodes, or of the edges, of one network, by number. */
export class AttributeTable {
  constructor(private readonly byNumber: Map<number, Attributes> = new Map()) {}

  get(number: number): Attributes {
    return this.byNumber.get(number) ?? none
  }

  /** Puts these values beside, or in the place of, those that are there. */
  assign(number: number, attributes: Attributes, name: string): void {
    for (const [key, value] of Object.entries(attributes)) assertValue(value, key, name)
    this.byNumber.set(number, { ...this.byNumber.get(number), ...attributes })
  }

  delete(number: number): void {
    this.byNumber.delete(number)
  }

  /** Undefined where there are none, so that a network without attributes is saved as it was before there were any. */
  save(): Map<number, Attributes> | undefined {
    return this.byNumber.size === 0 ? undefined : this.byNumber
  }
}

function assertValue(value: unknown, key: string, name: string): void {
  if (typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && !Number.isNaN(value))) return
  throw new OperatorError({ what: `Attribute "${key}" of ${name}`, expected: 'a number, a text, true or false', got: value })
}
