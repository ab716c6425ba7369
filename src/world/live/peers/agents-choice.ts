/** The option `agents`, such as `DataMiner,PatternLearner:0/2`: which agents this process runs, and that the choice makes sense. */

import { swarmAgents, TechnicalAnalysis } from '../../../agents/index.js'
import { OperatorError, unknownName } from '../../../core/index.js'

/** All agents of a type, or one share of them: those whose ordinal mod `of` is `share`. */
interface Choice {
  readonly type: string
  readonly share: number
  readonly of: number
}

export interface AgentsChoice {
  /** As the operator wrote it; undefined: all agents. */
  readonly text: string | undefined
  isLocal(agent: { readonly type: string; readonly ordinal: number }): boolean
  /** The names to claim in Redis, one for each agent; `counts` says how many agents each type has. */
  claims(counts: ReadonlyMap<string, number>): string[]
}

/** Types that share state: both run in one process. */
const together: readonly (readonly [string, string])[] = [
  ['Trading', 'RiskManagement'],
  ['Builder', 'TechnicalAnalysis'],
]

export function chooseAgents(text: string | undefined): AgentsChoice {
  if (text === undefined) return { text, isLocal: () => true, claims: counts => claimsOf(counts, () => true) }
  const choices = withCompanions(text.split(',').map(item => readChoice(item.trim())))
  const isLocal = ({ type, ordinal }: { type: string; ordinal: number }) =>
    choices.some(c => c.type === type && ordinal % c.of === c.share)
  return { text, isLocal, claims: counts => claimsOf(counts, isLocal) }
}

function readChoice(item: string): Choice {
  const [, type = '', share = '0', of = '1'] = /^(\w+)(?::(\d+)\/(\d+))?$/.exec(item) ?? []
  const known = Object.keys(swarmAgents({ TechnicalAnalysis }))
  if (type === '') throw wrong(item)
  if (!known.includes(type)) throw unknownName('type of agents', type, known)
  const choice = { type, share: Number(share), of: Number(of) }
  if (choice.of < 1 || choice.share >= choice.of) throw wrong(item)
  return choice
}

/** Adds the analysts to their Builder. Refuses Trading without RiskManagement, and analysts without a Builder. */
function withCompanions(choices: Choice[]): Choice[] {
  const has = (type: string) => choices.some(c => c.type === type)
  if (has('Trading') !== has('RiskManagement')) {
    throw new OperatorError({
      what: '`agents`',
      expected: 'Trading and RiskManagement in one process, with their ledger',
      got: has('Trading') ? 'Trading alone' : 'RiskManagement alone',
      next: 'Name both, or neither.',
    })
  }
  if (has('TechnicalAnalysis') && !has('Builder')) {
    throw new OperatorError({
      what: '`agents`',
      expected: 'Builder, which deploys TechnicalAnalysis',
      got: 'TechnicalAnalysis alone',
    })
  }
  for (const [leader, companion] of together) {
    if (has(leader) && !has(companion)) choices.push({ type: companion, share: 0, of: 1 })
  }
  return choices
}

function claimsOf(counts: ReadonlyMap<string, number>, isLocal: (agent: { type: string; ordinal: number }) => boolean): string[] {
  const claims: string[] = []
  for (const [type, count] of counts) {
    for (let ordinal = 0; ordinal < count; ordinal++) if (isLocal({ type, ordinal })) claims.push(`${type}-${ordinal}`)
  }
  return claims
}

function wrong(item: string): OperatorError {
  return new OperatorError({
    what: '`agents`',
    expected: 'types with commas between, each whole or as share/of',
    got: item,
    next: 'Try `agents` DataMiner,PatternLearner:0/2.',
  })
}
