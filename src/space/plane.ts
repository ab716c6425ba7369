/** The continuous plane: agents at real coordinates, found through lists of square cells that change only when a move crosses a cell. */

import { math, OperatorError, type Rng, registerSaveable, type Saveable } from '../core/index.js'
import type { Torus } from './grid.js'
import { spaceLimits } from './limits.js'
import { assertCountOfNearest, nearestFirst } from './nearest.js'
import { NeighborQueries } from './neighbor-queries.js'
import { assertAgent, assertPlaceable, leaveSpace, notHere, type Placeable, type Space, spotIn, stand } from './placeable.js'
import { ScratchLists } from './scratch-lists.js'
import { CellLists, Slots, widened } from './slots.js'
import { trimmed } from './trimmed.js'

/** Size and edges of a plane, and how finely it is indexed. */
export interface PlaneOptions {
  /** Extent along x and y, in the model's own unit of length. */
  width: number
  height: number
  /** Default false. */
  torus?: Torus
  /** Side of the cells agents are sorted into: speed alone. About the radius asked for most; default 1/32 of the longer side. */
  cellSize?: number
  /** The stream of the `random…` methods where a call gives none. */
  rng?: Rng | undefined
}

/** What coordinates may be, for messages. */
const WHERE = 'x runs from 0 to `width` and y from 0 to `height`; beyond that only where `torus` wraps.'
/** Widens the range of cells searched against rounding at a cell's edge (in cells). */
const EDGE = 1e-9

/**
 * Coordinates run over [0, width) on a wrapped axis, where any finite number is folded back, and over [0, width] on
 * another, where a position outside is an error. Queries return fresh lists, or fill the one
 * given as `into`, as in `CellSpace`.
 */
export class Plane<A extends Placeable = Placeable> extends NeighborQueries<A> implements Space, Saveable {
  static readonly savedAs = 'Plane'
  readonly noun: string = 'plane'
  readonly width: number
  readonly height: number
  readonly wrapX: boolean
  readonly wrapY: boolean
  rng: Rng | undefined
  private readonly columns: number
  private readonly rows: number
  /** Cells a unit of length. */
  private readonly perX: number
  private readonly perY: number
  private slots = new Slots<A>()
  private lists: CellLists
  private xs = new Float64Array(16)
  private ys = new Float64Array(16)
  /** Squared distances of those found. */
  private squared = new Float64Array(64)

  constructor(options: PlaneOptions) {
    const { width, height, torus = false, cellSize = Math.max(width, height) / 32, rng } = options
    assertExtent(width, height, cellSize)
    super()
    this.width = width
    this.height = height
    this.wrapX = typeof torus === 'boolean' ? torus : (torus.x ?? false)
    this.wrapY = typeof torus === 'boolean' ? torus : (torus.y ?? false)
    this.rng = rng
    this.columns = Math.max(1, Math.floor(width / cellSize))
    this.rows = Math.max(1, Math.floor(height / cellSize))
    this.perX = this.columns / width
    this.perY = this.rows / height
    this.lists = new CellLists(this.columns * this.rows)
  }

  /** How many agents stand here. */
  get count(): number {
    return this.slots.count
  }

  /** Puts an agent that stands nowhere at (x, y). */
  place(agent: A, x: number, y: number): void {
    assertPlaceable(agent, this)
    const [px, py] = [this.onX(agent, x, y), this.onY(agent, x, y)]
    const slot = this.slots.take(agent)
    if (slot >= this.xs.length) this.grow(slot + 1)
    this.xs[slot] = px
    this.ys[slot] = py
    this.lists.enter(slot, this.cellAt(px, py))
    stand(agent, this, slot)
  }

  /** Places the agent anywhere, uniformly. */
  placeRandomly(agent: A, rng?: Rng): void {
    assertPlaceable(agent, this)
    const chance = rng ?? this.rng
    if (chance === undefined) {
      throw new OperatorError({
        what: 'A random place in the plane',
        expected: 'a random stream',
        got: undefined,
        next: 'Give the call one: agent.rng.',
      })
    }
    this.place(agent, chance.between(0, this.width), chance.between(0, this.height))
  }

  /** Moves an agent that stands here to (x, y). */
  move(agent: A, x: number, y: number): void {
    const slot = this.slotOf(agent)
    const px = this.onX(agent, x, y)
    const py = this.onY(agent, x, y)
    this.xs[slot] = px
    this.ys[slot] = py
    const cell = this.cellAt(px, py)
    if (cell === this.lists.cellOf[slot]) return
    this.lists.move(slot, cell)
  }

  /** Moves an agent by (dx, dy). */
  moveBy(agent: A, dx: number, dy: number): void {
    const slot = this.slotOf(agent)
    this.move(agent, (this.xs[slot] as number) + dx, (this.ys[slot] as number) + dy)
  }

  /** Takes an agent that stands here out of the plane. */
  remove(agent: A): void {
    const slot = this.slotOf(agent)
    this.lists.leave(slot)
    this.slots.release(slot)
    leaveSpace(agent, this)
  }

  forget(agent: Placeable): void {
    assertAgent(agent, this)
    if (this.holds(agent as A)) this.remove(agent as A)
  }

  xOf(agent: A): number {
    return this.xs[this.slotOf(agent)] as number
  }

  yOf(agent: A): number {
    return this.ys[this.slotOf(agent)] as number
  }

  /** How far along x `to` lies from `from`: the shorter way round on a wrapped axis, in [−width/2, width/2]. */
  dx(from: A, to: A): number {
    const d = (this.xs[this.slotOf(to)] as number) - (this.xs[this.slotOf(from)] as number)
    return this.wrapX ? shorter(d, this.width) : d
  }

  /** How far along y `to` lies from `from`. */
  dy(from: A, to: A): number {
    const d = (this.ys[this.slotOf(to)] as number) - (this.ys[this.slotOf(from)] as number)
    return this.wrapY ? shorter(d, this.height) : d
  }

  /** Euclidean distance, the shorter way round. */
  distance(a: A, b: A): number {
    return math.hypot(this.dx(a, b), this.dy(a, b))
  }

  /** Everyone else within `radius` of the agent, the radius included. In no order of distance, but always the same one. */
  neighbors(agent: A, radius: number, into: A[] = []): A[] {
    const slot = this.slotOf(agent)
    return trimmed(into, this.search(this.xs[slot] as number, this.ys[slot] as number, radius, slot, into))
  }

  /** Everyone within `radius` of the point (x, y). */
  agentsAround(x: number, y: number, radius: number, into: A[] = []): A[] {
    if (!(Number.isFinite(x) && Number.isFinite(y))) {
      throw new OperatorError({
        what: 'The point of a query of the plane',
        expected: 'finite x and y',
        got: `(${x},${y})`,
        next: WHERE,
      })
    }
    const px = this.wrapX ? folded(x, this.width) : x
    const py = this.wrapY ? folded(y, this.height) : y
    return trimmed(into, this.search(px, py, radius, -1, into))
  }

  /** The k others nearest to the agent (fewer where there are fewer), the nearest first, the older first at equal distance. */
  nearest(agent: A, k: number, into: A[] = []): A[] {
    const slot = this.slotOf(agent)
    assertCountOfNearest(k, this)
    const others = Math.min(k, this.count - 1)
    if (others === 0) return trimmed(into, 0)
    const x = this.xs[slot] as number
    const y = this.ys[slot] as number
    let radius = Math.sqrt((this.width * this.height * (others + 1)) / (3 * this.count))
    let n = this.search(x, y, radius, slot, into)
    while (n < others) {
      radius *= 2
      n = this.search(x, y, radius, slot, into)
    }
    if (n > this.squared.length) this.squared = widened(this.squared, n)
    for (let i = 0; i < n; i++) this.squared[i] = this.squaredTo(spotIn(into[i] as A, this), x, y)
    nearestFirst(into, this.squared, n, others)
    return trimmed(into, others)
  }

  /** Squared distance of a slot from a point, the shorter way round. */
  private squaredTo(slot: number, x: number, y: number): number {
    let dx = (this.xs[slot] as number) - x
    let dy = (this.ys[slot] as number) - y
    if (this.wrapX) dx = shorter(dx, this.width)
    if (this.wrapY) dy = shorter(dy, this.height)
    return dx * dx + dy * dy
  }

  /**
   * Fills `into` from 0; each cell in reach is visited once, with the shift that brings it nearest. Stores first and counts
   * after, without a branch: the processor cannot predict whether a candidate lies in the circle.
   */
  private search(x: number, y: number, radius: number, self: number, into: A[]): number {
    const { columns, rows, perX, perY } = this
    if (!(radius >= 0)) throw wrongRadius(radius)
    let left = Math.floor((x - radius) * perX - EDGE)
    let right = Math.floor((x + radius) * perX + EDGE)
    let top = Math.floor((y - radius) * perY - EDGE)
    let bottom = Math.floor((y + radius) * perY + EDGE)
    if ((this.wrapX && right - left >= columns) || (this.wrapY && bottom - top >= rows))
      return this.searchAll(x, y, radius, self, into)
    if (!this.wrapX) {
      left = Math.max(left, 0)
      right = Math.min(right, columns - 1)
    }
    if (!this.wrapY) {
      top = Math.max(top, 0)
      bottom = Math.min(bottom, rows - 1)
    }
    const { xs, ys } = this
    const { first, next } = this.lists
    const agents = this.slots.agents as A[]
    const most = radius * radius
    let n = 0
    for (let r = top; r <= bottom; r++) {
      const dRow = r < 0 ? rows : r >= rows ? -rows : 0
      const y0 = dRow === 0 ? 0 : dRow < 0 ? this.height : -this.height
      for (let c = left; c <= right; c++) {
        const dColumn = c < 0 ? columns : c >= columns ? -columns : 0
        const x0 = dColumn === 0 ? 0 : dColumn < 0 ? this.width : -this.width
        for (let slot = first[(r + dRow) * columns + c + dColumn] as number; slot >= 0; slot = next[slot] as number) {
          const dx = (xs[slot] as number) - x + x0
          const dy = (ys[slot] as number) - y + y0
          into[n] = agents[slot] as A
          n += Number(dx * dx + dy * dy <= most) & Number(slot !== self)
        }
      }
    }
    return n
  }

  /** The search where a radius reaches round a wrapped axis: every agent once, the shorter way. */
  private searchAll(x: number, y: number, radius: number, self: number, into: A[]): number {
    const { agents } = this.slots
    let n = 0
    for (let slot = 0; slot < agents.length; slot++) {
      const agent = agents[slot]
      if (slot !== self && agent !== undefined && this.squaredTo(slot, x, y) <= radius * radius) into[n++] = agent
    }
    return n
  }

  private slotOf(agent: A): number {
    if (agent?._home === this) return agent._spot
    const slot = spotIn(agent, this)
    if (slot === -1) throw notHere(agent, this)
    return slot
  }

  private cellAt(x: number, y: number): number {
    const column = Math.min(Math.floor(x * this.perX), this.columns - 1)
    const row = Math.min(Math.floor(y * this.perY), this.rows - 1)
    return row * this.columns + column
  }

  /** x folded or checked; y is for the message. */
  private onX(agent: A, x: number, y: number): number {
    if (x >= 0 && x < this.width) return x
    if (this.wrapX && Number.isFinite(x)) return folded(x, this.width)
    if (x === this.width) return x
    throw this.cannot(agent, x, y)
  }

  private onY(agent: A, x: number, y: number): number {
    if (y >= 0 && y < this.height) return y
    if (this.wrapY && Number.isFinite(y)) return folded(y, this.height)
    if (y === this.height) return y
    throw this.cannot(agent, x, y)
  }

  private cannot(agent: A, x: number, y: number): OperatorError {
    const verb = this.holds(agent) ? 'move to' : 'be placed at'
    return new OperatorError({
      what: `Agent ${agent.key} cannot ${verb} (${x},${y}): the plane is ${this.width}×${this.height}`,
      next: WHERE,
    })
  }

  private grow(slots: number): void {
    this.xs = widened(this.xs, slots)
    this.ys = widened(this.ys, slots)
  }

  saveState(): unknown {
    const { width, height, wrapX, wrapY, rng, columns, rows } = this
    const { agents, free } = this.slots
    const n = agents.length
    const lists = this.lists.save(n)
    return {
      width,
      height,
      wrapX,
      wrapY,
      rng,
      columns,
      rows,
      agents,
      free,
      lists,
      xs: this.xs.slice(0, n),
      ys: this.ys.slice(0, n),
    }
  }

  loadState(state: unknown): void {
    const { agents, free, lists, ...rest } = state as PlaneState<A>
    const { width, height, columns, rows } = rest
    Object.assign(this, rest, { noun: 'plane', perX: columns / width, perY: rows / height })
    this.slots = Object.assign(new Slots<A>(), { agents, free })
    this.loops = new ScratchLists()
    this.lists = CellLists.load(lists)
    this.squared = new Float64Array(64)
    this.slots.assign(this)
  }
}

interface PlaneState<A> {
  width: number
  height: number
  columns: number
  rows: number
  agents: (A | undefined)[]
  free: number[]
  lists: Int32Array[]
}

function wrongRadius(radius: number): OperatorError {
  return new OperatorError({
    what: 'The radius of a query of the plane',
    expected: 'a number ≥ 0',
    got: radius,
    next: 'It is a distance in the unit of width and height.',
  })
}

/** A difference on a circle of this size, the shorter way round. */
function shorter(d: number, size: number): number {
  if (d > size / 2) return d - size
  return d < -size / 2 ? d + size : d
}

/** Any finite number brought into [0, size). */
function folded(x: number, size: number): number {
  const inside = x - size * Math.floor(x / size)
  return inside < size && inside >= 0 ? inside : 0
}

function assertExtent(width: number, height: number, cellSize: number): void {
  const positive = Number.isFinite(width) && Number.isFinite(height) && width > 0 && height > 0 && cellSize > 0
  if (positive && (width / cellSize) * (height / cellSize) <= spaceLimits.cells) return
  throw new OperatorError({
    what: 'The size of a plane',
    expected: `width, height and cellSize > 0 with at most ${spaceLimits.cells} cells`,
    got: `${width}×${height} in cells of ${cellSize}`,
    next: 'Give a larger `cellSize`, or leave it out.',
  })
}

registerSaveable(Plane)
