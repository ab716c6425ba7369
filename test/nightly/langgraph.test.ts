/** The decision graph in LangGraph's own StateGraph: the same nodes decide the same. It is asynchronous, so no step of a model can use it. */
import { describe, expect, it } from 'vitest'
import { decide } from '../../src/agents/decision/graph.js'
import { parseRules } from '../../src/agents/decision/rules.js'
import { type DecisionInputs, ruleFields, userGraph } from '../../src/agents/decision/user-graph.js'
import { MINUTE_MS, Rng, rootOf } from '../../src/core/index.js'

/** What this test uses of the package, which is installed by `node scripts/setup.mjs --with langgraph`, and has no types here. */
interface LangGraph {
  readonly START: string
  readonly END: string
  readonly Annotation: { (): unknown; Root(fields: Record<string, unknown>): unknown }
  readonly StateGraph: new (state: unknown) => StateGraph
}
interface StateGraph {
  addNode(name: string, run: (state: never) => unknown): StateGraph
  addEdge(from: string | string[], to: string): StateGraph
  compile(): { invoke(given: unknown): Promise<unknown> }
}

const name = '@langchain/langgraph'
const library: LangGraph | undefined = await import(name).catch(() => undefined)

const states = 1_000
const time = Date.UTC(2024, 0, 1, 12)
const ports = {
  rules: parseRules(
    'id,priority,when,action,value,until\nyoung,9,age < 5,refuse,,\nthin,5,buyers < 20,size,0.5,\n',
    'rules.csv',
    ruleFields,
  ),
  minConfidence: 0.7,
  reviewConfidence: 0.6,
  confidence: (_: unknown, score: number) => Math.min(1, Math.max(0, 0.5 + score / 2)),
}

/** Inputs of every kind: without a snapshot, with an old one, without news, stopped, approved. */
function inputsOf(i: number): DecisionInputs {
  const rng = Rng.derive(rootOf('states'), 0, i)
  const news = rng.chance(0.1)
    ? null
    : { mood: rng.between(-1, 1), time: time - rng.between(-5, 60) * MINUTE_MS, form: 'whole' as const }
  const tokenData = {
    pair: 'TOKEN-1',
    fetchedAt: time - rng.between(-2, 40) * MINUTE_MS,
    form: rng.pick(['whole', 'older', 'broken'] as const),
    ageMs: rng.between(1, 60) * MINUTE_MS,
    phase: rng.pick(['early', 'mid', 'late', 'graduated']),
    progress: rng.float(),
    buyers: rng.int(100),
    reputation: rng.float(),
    creatorShare: rng.float() / 5,
    multiLaunch: rng.pick([true, false, null]),
    dormant: rng.pick([true, false, null]),
    social: rng.chance(0.2)
      ? null
      : { mentions: rng.int(20), time: time - rng.between(-5, 60) * MINUTE_MS, form: 'whole' as const },
    stopped: rng.chance(0.1) ? rng.pick(['stopped', 'paused', 'blacklisted']) : null,
    approved: rng.chance(0.2),
    risk: rng.float(),
    gain: rng.float(),
    news,
  }
  const userData = {
    user: `User-${i}`,
    profile: rng.pick(['scalper', 'swing'] as const),
    cash: rng.float() * 2e9,
    baseSize: rng.float() * 1e9,
    holdsToken: rng.chance(0.1),
    consents: rng.chance(0.9),
    snapshot: { time: time - rng.between(-2, 40) * MINUTE_MS, form: 'whole' as const },
  }
  const weights = [rng.float(), rng.float()]
  return { userData, tokenData: rng.chance(0.05) ? null : tokenData, time, weights, calibration: { from: [], share: [] } }
}

/** The same nodes and edges, as LangGraph has them: a node waits for all that write what it reads. */
function compiled({ START, END, Annotation, StateGraph }: LangGraph) {
  const fields = Object.fromEntries(Object.keys(userGraph.blank).map(field => [field, Annotation()]))
  const graph = new StateGraph(Annotation.Root(fields))
  for (const node of userGraph.nodes) graph.addNode(node.name, state => node.run(state, ports).wrote)
  for (const { name } of userGraph.nodes) {
    const from = userGraph.edges.filter(({ to, from }) => to === name && from !== null).map(edge => edge.from as string)
    graph.addEdge(from.length === 0 ? START : [...new Set(from)], name)
    if (!userGraph.edges.some(edge => edge.from === name)) graph.addEdge(name, END)
  }
  return graph.compile()
}

describe.skipIf(library === undefined)('LangGraph', () => {
  it(`comes to the same state in each of ${states} decisions, and they are of many kinds`, { timeout: 300_000 }, async () => {
    const other = compiled(library as LangGraph)
    const outcomes = new Set<string>()
    for (let i = 0; i < states; i++) {
      const inputs = inputsOf(i)
      const own = decide(userGraph, inputs, ports)
      expect(await other.invoke(inputs)).toEqual(own)
      outcomes.add(own.decision.reasons[0] ?? '')
    }
    expect(outcomes.size).toBeGreaterThan(8)
    expect(outcomes).toContain('entry')
  })
})
