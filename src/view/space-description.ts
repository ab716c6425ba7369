/** What a viewer must know of a space to draw it. */

import { Grid, HexGrid, Network, Plane } from '../space/index.js'

/** Where agents stand. `none`: nowhere, so that a viewer puts them in rows. */
export type SpaceDescription =
  | { readonly kind: 'square' | 'hex'; readonly width: number; readonly height: number }
  | { readonly kind: 'plane'; readonly width: number; readonly height: number }
  | { readonly kind: 'network'; readonly directed: boolean; readonly nodes: number }
  | { readonly kind: 'none' }

export function describeSpace(space: unknown): SpaceDescription {
  if (space instanceof Grid)
    return { kind: space instanceof HexGrid ? 'hex' : 'square', width: space.width, height: space.height }
  if (space instanceof Plane) return { kind: 'plane', width: space.width, height: space.height }
  if (space instanceof Network) return { kind: 'network', directed: space.directed, nodes: space.nodeCount }
  return { kind: 'none' }
}
