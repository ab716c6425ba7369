/** `space/`: grids, the plane, networks and layers. A position changes only through its space. Imports core alone. */

export { CellSpace, type CellSpaceOptions, type Occupancy } from './cell-space.js'
export * from './edge-list.js'
export * from './grid.js'
export * from './hex-grid.js'
export * from './layer.js'
export * from './limits.js'
export type { Lattice } from './neighborhood.js'
export * from './network.js'
export type { Placeable, Space } from './placeable.js'
export * from './plane.js'
export * from './random-graphs.js'
export * from './square-grid.js'
