/** Agents that are edges of a network: a friendship that ages, a road that wears. Each stands on one edge, and an edge holds one. */

import { OperatorError, registerSaveable, type Saveable } from '../core/index.js'
import type { Attributes } from './attributes.js'
import type { NodeNumber } from './place-number.js'
import { assertPlaceable, leaveSpace, notHere, type Placeable, type Space, spotIn, stand } from './placeable.js'

/** What they need of their network. */
export interface LinkedNetwork {
  addEdge(from: NodeNumber, to: NodeNumber, attributes?: Attributes): boolean
  removeEdge(from: NodeNumber, to: NodeNumber): boolean
  /** @internal */
  edgeBetween(from: NodeNumber, to: NodeNumber): number
  /** @internal */
  endsOfEdge(edge: number): [NodeNumber, NodeNumber]
  /** @internal */
  edgesAt(node: NodeNumber): number[]
  /** @internal */
  adoptLinks(links: object): void
}

/** The agents on the edges of a network. Where one is removed its edge goes too; where the edge is removed the agent stays, and stands nowhere. */
export class Links<L extends Placeable = Placeable> implements Space, Saveable {
  static readonly savedAs = 'Links'
  readonly noun: string = 'network'
  /** By edge. */
  private agents: (L | undefined)[] = []
  private size = 0

  constructor(private readonly network: LinkedNetwork) {}

  /** How many edges have an agent. */
  get count(): number {
    return this.size
  }

  /** Puts an agent on the edge between two nodes, which is made where there is none. Throws where another has it. */
  place(agent: L, from: NodeNumber, to: NodeNumber, attributes?: Attributes): void {
    assertPlaceable(agent, this)
    const other = this.at(from, to)
    if (other !== undefined)
      throw new OperatorError({
        what: `Agent ${agent.key} cannot be placed on the edge from node ${from} to ${to}: ${other.key} stands there`,
        next: 'An edge holds one agent. Ask links.at(from, to) first.',
      })
    this.network.addEdge(from, to, attributes)
    const edge = this.network.edgeBetween(from, to)
    while (this.agents.length <= edge) this.agents.push(undefined)
    this.agents[edge] = agent
    this.size++
    stand(agent, this, edge)
  }

  /** The agent on an edge; undefined where there is none, or no edge. */
  at(from: NodeNumber, to: NodeNumber): L | undefined {
    return this.agents[this.network.edgeBetween(from, to)]
  }

  /** The agents on the edges of a node; in a directed network of those leaving it. */
  allAt(node: NodeNumber): L[] {
    return this.network.edgesAt(node).flatMap(edge => this.agents[edge] ?? [])
  }

  /** The two nodes that the agent joins, in the order in which they were joined. */
  endsOf(agent: L): [NodeNumber, NodeNumber] {
    return this.network.endsOfEdge(this.edgeOf(agent))
  }

  /** Whether the agent stands on an edge of this network. */
  holds(agent: L): boolean {
    return spotIn(agent, this) !== -1
  }

  /** Takes the agent out of the network, and its edge with it. */
  remove(agent: L): void {
    this.network.removeEdge(...this.endsOf(agent))
  }

  forget(agent: Placeable): void {
    if (this.holds(agent as L)) this.remove(agent as L)
  }

  /** @internal The network removes an edge. */
  drop(edge: number): void {
    const agent = this.agents[edge]
    if (agent === undefined) return
    this.agents[edge] = undefined
    // What is kept depends on who stands here, and not on who stood.
    while (this.agents.length > 0 && this.agents.at(-1) === undefined) this.agents.pop()
    this.size--
    leaveSpace(agent, this)
  }

  private edgeOf(agent: L): number {
    const edge = spotIn(agent, this)
    if (edge === -1) throw notHere(agent, this)
    return edge
  }

  saveState(): unknown {
    return { network: this.network, agents: this.agents }
  }

  loadState(state: unknown): void {
    Object.assign(this, { noun: 'network', size: 0 }, state)
    // A network saves no empty links, and a model may hold them in a field.
    this.network.adoptLinks(this)
    this.agents.forEach((agent, edge) => {
      if (agent === undefined) return
      this.size++
      stand(agent, this, edge)
    })
  }
}

registerSaveable(Links)
