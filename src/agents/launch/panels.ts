/** What a viewer shows of the launch world: a curve with its phases and trades, its holders, the creators, and what is traded. */

import { circulating, phaseOf, progressOf, SOL, spotPrice } from '../../exchange/index.js'
import type { NetworkEdge, NetworkNode, Panel, TableRow } from '../../model/index.js'
import type { NodeTrace } from '../decision/graph.js'
import { userGraph } from '../decision/user-graph.js'
import { isDormant } from './creator-flags.js'
import type { LaunchModel } from './launch-model.js'
import { type LaunchToken, progressPercent, topTenShare } from './token.js'

/** Tokens a viewer may choose between, and rows of a table. */
const [CHOICES, ROWS] = [40, 20] as const

/** The living tokens, those with the most on their curve first. */
function largest({ living }: LaunchModel, most: number): LaunchToken[] {
  return [...living].sort((a, b) => b.curve.realLamports - a.curve.realLamports).slice(0, most)
}

function chosen(model: LaunchModel, pair: string): LaunchToken | undefined {
  return model.tokens.get(pair) ?? largest(model, 1)[0]
}

const choices = (model: LaunchModel): string[] => largest(model, CHOICES).map(({ pair }) => pair)

const groups = ['curve', 'buy', 'sell'] as const
/** Points that the curve is drawn with. */
const POINTS = 60

/** The price along a curve, and the last trades where they happened. */
const curvePanel: Panel<LaunchModel> = {
  kind: 'scatter',
  about:
    'Price against the part of the curve that is sold; early ends at 30 %, mid at 80 %. Dots of trades: where they left the price.',
  xLabel: 'sold, % of the curve',
  yLabel: 'price, SOL for a million tokens',
  choices,
  look({ model, choice, rows }) {
    const token = chosen(model, choice)
    if (token === undefined) return { x: [], y: [] }
    const { terms } = token.curve
    const x: number[] = []
    const y: number[] = []
    const group: number[] = []
    const add = (share: number, price: number, of: (typeof groups)[number]) => {
      x.push(share * 100)
      y.push(price * 1e3)
      group.push(groups.indexOf(of))
    }
    const product = terms.virtualLamports * terms.virtualTokens
    for (let i = 0; i <= POINTS; i++) {
      const share = i / POINTS
      const left = terms.virtualTokens - share * terms.curveTokens
      add(share, product / left / left, 'curve')
    }
    for (const row of rows('launch_trades')) {
      if (row.pair !== token.pair || row.phase === 'graduated') continue
      const price = (row.price as number) * 1e3
      const left = Math.sqrt(product / price)
      add((terms.virtualTokens - left) / terms.curveTokens, price, row.side === 'buy' ? 'buy' : 'sell')
    }
    return { x, y, group, groups }
  },
}

const holdersPanel: Panel<LaunchModel> = {
  kind: 'table',
  about:
    'The largest accounts of a token. Accounts with one name and different numbers behind / have one owner, which nobody on a chain can see.',
  choices,
  empty: 'Nobody holds it.',
  look({ model, choice }) {
    const token = chosen(model, choice)
    if (token === undefined) return []
    const out = circulating(token.curve)
    return [...token.holders]
      .sort(([, a], [, b]) => b - a)
      .slice(0, ROWS)
      .map(
        ([account, units]): TableRow => ({
          cells: {
            account,
            'million tokens': Math.round(units / 1e10) / 100,
            'share, %': Math.round((1_000 * units) / out) / 10,
            creator: account === token.creator,
          },
        }),
      )
  },
}

const tokensPanel: Panel<LaunchModel> = {
  kind: 'table',
  about: 'The living tokens with the most on their curve.',
  empty: 'Nothing is traded.',
  look: ({ model }) =>
    largest(model, ROWS).map(
      (token): TableRow => ({
        cells: {
          token: token.pair,
          phase: phaseOf(token.curve),
          'sold, %': progressPercent(token),
          'raised, SOL': Math.round(token.curve.realLamports / (SOL / 100)) / 100,
          'price, SOL a million': Number((spotPrice(token.curve) * 1e3).toPrecision(4)),
          buyers: token.buyers,
          'top ten, %': Math.round(100 * topTenShare(token)),
          creator: token.creator,
        },
      }),
    ),
}

const creatorsPanel: Panel<LaunchModel> = {
  kind: 'table',
  about: 'Creators by launches: of how many they sold most within the hour. Dormant: nothing launched for an hour.',
  look: ({ model }) =>
    [...model.creators]
      .filter(creator => creator.launches > 0)
      .sort((a, b) => b.launches - a.launches || a.id - b.id)
      .slice(0, ROWS)
      .map(
        (creator): TableRow => ({
          cells: {
            creator: creator.key,
            launches: creator.launches,
            kept: creator.good,
            sold: creator.bad,
            reputation: Math.round(100 * creator.reputation) / 100,
            'gain, SOL': Math.round(creator.profit / (SOL / 100)) / 100,
            dormant: isDormant(creator.lastLaunch, model.now),
          },
        }),
      ),
}

const progressPanel: Panel<LaunchModel> = {
  kind: 'histogram',
  about: 'How far the living tokens are: part of their curve that is sold, %.',
  bins: 20,
  look: ({ model }) => model.living.map(({ curve }) => 100 * progressOf(curve)),
}

/** Decisions a viewer may choose between. */
const DECISIONS = 30

const decisionPanel: Panel<LaunchModel> = {
  kind: 'network',
  tab: 'Trade-agent',
  about: 'The graph of one decision: a click on a node shows what it wrote and why. The last ones that reached the gate.',
  choices: () => Array.from({ length: DECISIONS }, (_, i) => (i === 0 ? 'last' : `${i} before`)),
  look({ choice, rows }) {
    const before = choice === 'last' ? 0 : Number.parseInt(choice, 10)
    const row = rows('user_decisions').at(-1 - before)
    const traces = row === undefined ? [] : (JSON.parse(row.nodes as string) as NodeTrace<Record<string, unknown>>[])
    const nodes = userGraph.nodes.map(({ name }): NetworkNode => {
      const trace = traces.find(({ node }) => node === name)
      if (trace === undefined) return { id: name, label: name, detail: ['No decision has reached the gate.'] }
      const wrote = Object.entries(trace.wrote).map(([field, value]) => `${field}: ${JSON.stringify(value)}`)
      return { id: name, label: name, heat: trace.reasons.length > 0 ? 1 : 0.3, detail: [...trace.reasons, ...wrote] }
    })
    const given: NetworkNode = { id: 'given', label: row === undefined ? 'given' : String(row.decision_id), group: 'given' }
    const edges = userGraph.edges.map(({ from, to, field }): NetworkEdge => ({ from: from ?? 'given', to, label: field }))
    return { nodes: [given, ...nodes], edges }
  },
}

const skipsPanel: Panel<LaunchModel> = {
  kind: 'text',
  tab: 'Trade-agent',
  about: 'Decisions against an entry, by their first reason, and what was learnt.',
  look({ model }) {
    const agent = model.tradeAgents.at(0)
    if (agent === undefined) return { lines: ['There are no users.'] }
    const { skips, cycle, entries, learning } = agent
    return { figures: { cycles: cycle, entries, matured: learning.matured, ...skips } }
  },
}

const usersPanel: Panel<LaunchModel> = {
  kind: 'table',
  tab: 'Trade-agent',
  about: 'Users by what they gained.',
  empty: 'There are no users.',
  look: ({ model }) =>
    [...model.users]
      .sort((a, b) => b.profit - a.profit || a.id - b.id)
      .slice(0, ROWS)
      .map(
        (user): TableRow => ({
          cells: {
            user: user.key,
            profile: user.profile,
            agrees: user.consents.map(({ category }) => category).join(' '),
            positions: user.positions.size,
            'cash, SOL': Math.round(user.lamports / (SOL / 100)) / 100,
            'gain, SOL': Math.round(user.profit / (SOL / 10_000)) / 10_000,
          },
        }),
      ),
}

/** The panels of the launch world, by title. */
export const launchPanels: Readonly<Record<string, Panel<LaunchModel>>> = {
  'Curve and trades': curvePanel,
  Tokens: tokensPanel,
  Holders: holdersPanel,
  Creators: creatorsPanel,
  Progress: progressPanel,
  'A decision': decisionPanel,
  'Why nothing is bought': skipsPanel,
  Users: usersPanel,
}
