/**
 * A decision as a graph of small nodes. A node reads some fields of the state and writes others, so edges are the fields: from the
 * node that writes one to those that read it. Nodes are pure and synchronous; each says in codes why it decided what it did.
 */

import { OperatorError, unknownName } from '../../core/index.js'

/** What a node says: its fields, and why. */
export interface NodeAnswer<W> {
  readonly wrote: W
  /** Stable codes. */
  readonly reasons?: readonly string[]
}

/** A node: a pure function of the fields that it reads and of what is around it. */
export interface DecisionNode<S, P, R extends keyof S = keyof S, W extends keyof S = keyof S> {
  readonly name: string
  readonly reads: readonly R[]
  readonly writes: readonly W[]
  run(state: Readonly<Pick<S, R>>, ports: P): NodeAnswer<Pick<S, W>>
}

/** What one node did, for the record. */
export interface NodeTrace<S> {
  readonly node: string
  readonly wrote: Partial<S>
  readonly reasons: readonly string[]
}

/** One edge: a field, from the node that writes it, null where it is given, to one that reads it. */
export interface GraphEdge {
  readonly from: string | null
  readonly to: string
  readonly field: string
}

export interface DecisionGraph<S, P, I extends keyof S> {
  /** In the order in which they run. */
  readonly nodes: readonly DecisionNode<S, P>[]
  readonly edges: readonly GraphEdge[]
  /** Fields that are given. */
  readonly given: readonly I[]
  /** Every field, none of them known: states are copies of it, since an object that grows field by field is slow. */
  readonly blank: Partial<S>
}

export const decisionLimits = {
  /** Nodes of one graph. */
  nodes: 64,
} as const

/** A node typed by the fields it reads and writes; `S` and `P` are those of its graph. */
export function nodesOf<S, P>() {
  return <R extends keyof S, W extends keyof S>(node: DecisionNode<S, P, R, W>): DecisionNode<S, P> =>
    node as unknown as DecisionNode<S, P>
}

/**
 * Puts nodes into an order in which each runs after those that write what it reads.
 * @throws OperatorError where a name or a field is there twice, a field is read that nobody writes, or nodes wait for each other.
 */
export function graph<S, P, I extends keyof S>(
  given: readonly I[],
  nodes: readonly DecisionNode<S, P>[],
): DecisionGraph<S, P, I> {
  if (nodes.length > decisionLimits.nodes)
    throw new OperatorError({ what: 'a decision graph', expected: `at most ${decisionLimits.nodes} nodes`, got: nodes.length })
  const writers = writersOf(given, nodes)
  const edges = nodes.flatMap(node =>
    node.reads.map((field): GraphEdge => {
      const from = writers.get(field)
      if (from === undefined)
        throw unknownName(`field read by the node "${node.name}"`, String(field), [...writers.keys()].map(String))
      return { from: from?.name ?? null, to: node.name, field: String(field) }
    }),
  )
  const blank = Object.fromEntries([...writers.keys()].map(field => [field, undefined])) as Partial<S>
  return { given, nodes: inOrder(nodes, edges), edges, blank }
}

function writersOf<S, P>(
  given: readonly (keyof S)[],
  nodes: readonly DecisionNode<S, P>[],
): Map<keyof S, DecisionNode<S, P> | null> {
  const writers = new Map<keyof S, DecisionNode<S, P> | null>(given.map(field => [field, null]))
  const names = new Set<string>()
  for (const node of nodes) {
    if (names.has(node.name)) throw twice('node', node.name)
    names.add(node.name)
    for (const field of node.writes) {
      if (writers.has(field)) throw twice('field', String(field))
      writers.set(field, node)
    }
  }
  return writers
}

function twice(kind: string, name: string): OperatorError {
  return new OperatorError({ what: `${kind} "${name}" of a decision graph`, expected: 'one of that name', got: 'two' })
}

/** Kahn's order; among nodes that may run, the one that was named first. */
function inOrder<S, P>(nodes: readonly DecisionNode<S, P>[], edges: readonly GraphEdge[]): DecisionNode<S, P>[] {
  const done = new Set<string | null>([null])
  const waiting = [...nodes]
  const order: DecisionNode<S, P>[] = []
  while (waiting.length > 0) {
    const at = waiting.findIndex(({ name }) => edges.every(edge => edge.to !== name || done.has(edge.from)))
    const [next] = at < 0 ? [] : waiting.splice(at, 1)
    if (next === undefined) throw circular(waiting.map(({ name }) => name))
    done.add(next.name)
    order.push(next)
  }
  return order
}

function circular(names: readonly string[]): OperatorError {
  return new OperatorError({
    what: 'a decision graph',
    expected: 'no circle of nodes that wait for each other',
    got: names.join(', '),
    next: 'Let one of them read another field.',
  })
}

/** Runs every node once, and gives the state at the end. What is given and the ports are read, and never changed. */
export function decide<S, P, I extends keyof S>(of: DecisionGraph<S, P, I>, given: Pick<S, I>, ports: P): S {
  const state = begin(of, given)
  for (const { run, writes } of of.nodes) {
    const { wrote } = run(state, ports)
    for (const field of writes) state[field] = wrote[field]
  }
  return state
}

/** The same decision once more, with what each node did on the way: nodes are pure, so only decisions that matter are traced. */
export function traceOf<S, P, I extends keyof S>(of: DecisionGraph<S, P, I>, given: Pick<S, I>, ports: P): NodeTrace<S>[] {
  const state = begin(of, given)
  return of.nodes.map(({ name: node, run, writes }): NodeTrace<S> => {
    const { wrote, reasons = [] } = run(state, ports)
    for (const field of writes) state[field] = wrote[field]
    return { node, wrote: wrote as Partial<S>, reasons }
  })
}

function begin<S, P, I extends keyof S>({ blank, given: fields }: DecisionGraph<S, P, I>, given: Pick<S, I>): S {
  const state = { ...blank } as S
  for (const field of fields) state[field] = given[field]
  return state
}

/** The graph as a Mermaid drawing, each edge with its field. */
export function mermaid<S, P, I extends keyof S>({ nodes, edges }: DecisionGraph<S, P, I>): string {
  const lines = ['flowchart LR', '  given([given])', ...nodes.map(({ name }) => `  ${name}[${name}]`)]
  const fields = new Map<string, string[]>()
  for (const { from, to, field } of edges) {
    const arrow = `${from ?? 'given'} ${to}`
    fields.set(arrow, [...(fields.get(arrow) ?? []), field])
  }
  for (const [arrow, names] of fields) {
    const [from, to] = arrow.split(' ')
    lines.push(`  ${from} -- ${names.join(', ')} --> ${to}`)
  }
  return `${lines.join('\n')}\n`
}
