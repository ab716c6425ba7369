/** What a message of another process must look like before an agent may hear it: by topic, the fields its readers use. */

type Kind = 'number' | 'finite' | 'string' | 'boolean' | 'array' | 'object' | 'direction' | 'text?' | 'number?'
type Shape = Readonly<Record<string, Kind>>

const bar: Shape = {
  pair: 'string',
  time: 'finite',
  barMs: 'finite',
  open: 'finite',
  high: 'finite',
  low: 'finite',
  close: 'finite',
  volume: 'finite',
  flags: 'finite',
}
const idea: Shape = {
  id: 'string',
  source: 'string',
  agent: 'string',
  pair: 'string',
  direction: 'direction',
  confidence: 'finite',
  decidedAt: 'finite',
  expiresAt: 'finite',
  horizonBars: 'finite',
  barMs: 'finite',
  style: 'string',
  pattern: 'text?',
  moats: 'array',
  prediction: 'number?',
  features: 'object',
}
const trade: Shape = {
  tradeId: 'string',
  book: 'string',
  pair: 'string',
  pnlE6: 'finite',
  entryTime: 'finite',
  exitTime: 'finite',
  features: 'object',
  ideaIds: 'array',
}
const signal: Shape = { moat: 'string', stream: 'string', time: 'finite', value: 'finite', placebo: 'boolean' }
const keyed: Shape = { key: 'finite', sign: 'direction' }

const shapes: Readonly<Record<string, Shape>> = {
  'market-data': bar,
  'market-ticks': { pair: 'string', time: 'finite', price: 'finite', volume: 'finite' },
  'repo-data': signal,
  'logistics-data': signal,
  'govt-data': signal,
  'corp-data': signal,
  'mycelial-trade-ideas': idea,
  'baseline-trade-ideas': idea,
  'idea-drafts': idea,
  recollections: { idea: 'object', factor: 'finite', cases: 'finite' },
  'system-control': { book: 'string', kind: 'string', on: 'boolean', time: 'finite', reason: 'string', ends: 'string' },
  'trade-confirmations': trade,
  'synthesized-trade-log': trade,
  fills: { tradeId: 'string', book: 'string', pair: 'string', side: 'string', time: 'finite', priceUsd: 'finite' },
  'pattern-verdicts': { pattern: 'string', status: 'string', step: 'finite', sign: 'direction', placebo: 'boolean' },
  'cross-moat-signals': {
    moat: 'string',
    driver: 'string',
    transform: 'string',
    time: 'finite',
    z: 'number',
    placebo: 'boolean',
  },
  'leading-policies': { learner: 'string', policy: 'text?' },
  recommendations: { explorer: 'string', team: 'string', pairs: 'array', coarse: 'boolean' },
  'book-marks': { time: 'finite', step: 'finite', equityE6: 'object' },
  'pattern-candidates': { ...keyed, t: 'number', step: 'finite', n: 'finite', sum: 'number', squares: 'number' },
  'pattern-duties': { ...keyed, t: 'number', stage: 'object', z: 'array', n: 'array' },
  'pattern-confirmations': { key: 'finite', fold: 'finite', n: 'finite', z: 'number' },
  'confirmation-verdicts': { ...keyed, confirmed: 'boolean', pooled: 'number' },
  'research-shares': {
    ...keyed,
    fold: 'finite',
    n: 'finite',
    p: 'number',
    opposite: 'number',
    zr: 'number',
    zz: 'number',
    zr2: 'number',
  },
  'approval-verdicts': { ...keyed, approved: 'boolean', zr: 'number', zz: 'number', zr2: 'number' },
  'pattern-retirements': { ...keyed, t: 'number' },
  contagion: { policy: 'text?' },
}

/** The first field that is not what the topic's readers need, or undefined. */
export function messageProblem(topic: string, message: unknown): string | undefined {
  const shape = shapes[topic.split(':')[0] ?? topic]
  if (shape === undefined) return 'unknown topic'
  if (typeof message !== 'object' || message === null) return 'no message'
  const fields = message as Record<string, unknown>
  for (const [name, kind] of Object.entries(shape)) if (!isKind(fields[name], kind)) return name
  return undefined
}

function isKind(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case 'finite':
      return Number.isFinite(value)
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null
    case 'direction':
      return value === 1 || value === -1
    case 'text?':
      return value === null || typeof value === 'string'
    case 'number?':
      return value === null || typeof value === 'number'
    default:
      return typeof value === kind
  }
}
