/** Decision graphs, the rules of users, and the decision of one user for one token. */
import { describe, expect, it } from 'vitest'
import { fieldsOf, holds, parseCondition } from '../../src/agents/decision/condition.js'
import { decide, graph, mermaid, nodesOf, traceOf } from '../../src/agents/decision/graph.js'
import { parseRules, ruleFor } from '../../src/agents/decision/rules.js'
import { type DecisionInputs, ruleFields, type TokenData, userGraph } from '../../src/agents/decision/user-graph.js'
import { MINUTE_MS } from '../../src/core/index.js'

interface State {
  a: number
  b: number
  c: number
  d: number
}
const node = nodesOf<State, { add: number }>()
const b = node({
  name: 'B',
  reads: ['a'],
  writes: ['b'],
  run: ({ a }, { add }) => ({ wrote: { b: a + add }, reasons: ['added'] }),
})
const c = node({ name: 'C', reads: ['a', 'b'], writes: ['c'], run: ({ a, b }) => ({ wrote: { c: a * b } }) })

describe('a decision graph', () => {
  it('runs each node after those that write what it reads, whatever their order, and says what each wrote and why', () => {
    const made = graph<State, { add: number }, 'a'>(['a'], [c, b])
    expect(decide(made, { a: 2 }, { add: 3 })).toEqual({ a: 2, b: 5, c: 10 })
    expect(traceOf(made, { a: 2 }, { add: 3 })).toEqual([
      { node: 'B', wrote: { b: 5 }, reasons: ['added'] },
      { node: 'C', wrote: { c: 10 }, reasons: [] },
    ])
  })

  it('changes nothing that it was given', () => {
    const given = Object.freeze({ a: 2 })
    decide(graph<State, { add: number }, 'a'>(['a'], [b]), given, { add: 1 })
    expect(given).toEqual({ a: 2 })
  })

  it('refuses nodes that wait for each other, a field that nobody writes, and names and fields that are there twice', () => {
    const circle = node({ name: 'D', reads: ['c'], writes: ['d'], run: () => ({ wrote: { d: 0 } }) })
    const back = node({ name: 'E', reads: ['d'], writes: ['c'], run: () => ({ wrote: { c: 0 } }) })
    const make = (...nodes: (typeof b)[]) => graph<State, { add: number }, 'a'>(['a'], nodes)
    expect(() => make(circle, back)).toThrow(/no circle.*D, E/)
    expect(() => make(c)).toThrow(/node "C".*"b"/)
    expect(() => make(b, b)).toThrow(/node "B"/)
    expect(() => make(b, { ...b, name: 'other' })).toThrow(/field "b"/)
  })

  it('draws itself, each edge with its fields', () => {
    expect(mermaid(graph<State, { add: number }, 'a'>(['a'], [b, c]))).toBe(
      'flowchart LR\n  given([given])\n  B[B]\n  C[C]\n  given -- a --> B\n  given -- a --> C\n  B -- b --> C\n',
    )
  })
})

describe('a condition', () => {
  const place = { file: 'rules.csv', line: 3, column: 10 }
  const says = (text: string, facts: Record<string, number | string>) => holds(parseCondition(text, place), facts)

  it('compares numbers and words, and binds not before and before or', () => {
    expect(says('age < 5 and phase = early', { age: 4, phase: 'early' })).toBe(true)
    expect(says('age >= 5 or not phase = early and risk > 0.5', { age: 4, phase: 'late', risk: 0.6 })).toBe(true)
    expect(says('(age >= 5 or phase != early) and risk > 0.5', { age: 4, phase: 'early', risk: 0.6 })).toBe(false)
    expect(says('mood <= -0.5', { mood: -0.5 })).toBe(true)
    expect(fieldsOf(parseCondition('a > 1 and not (b = c or d < 2)', place))).toEqual(['a', 'b', 'd'])
  })

  it('may be as deep as 64 levels and as long as a thousand comparisons, and no more', () => {
    const read = (text: string) => () => parseCondition(text, place)
    expect(read(`${'('.repeat(65)}age < 5`)).toThrow('rules.csv:3:74: expected at most 64 levels')
    expect(read('('.repeat(100_000))).toThrow('rules.csv:3:74: expected at most 64 levels')
    expect(read(`${'not '.repeat(65)}age < 5`)).toThrow('rules.csv:3:266: expected at most 64 levels')
    expect(read(`a < 1${' or a < 1'.repeat(100_000)}`)).toThrow('expected at most 1000 comparisons')
    expect(says(`${'('.repeat(64)}age < 5${')'.repeat(64)}`, { age: 4 })).toBe(true)
    expect(says(`${'(age < 5) and '.repeat(999)}age < 5`, { age: 4 })).toBe(true)
  })

  it('holds of a field that is not known for != alone', () => {
    expect([says('news > 0', {}), says('news < 0', {}), says('news = x', {}), says('news != x', {})]).toEqual([
      false,
      false,
      false,
      true,
    ])
  })

  it.each([
    ['age <', 'rules.csv:3:15: expected a number or a word, got "the end"'],
    ['age 5', 'rules.csv:3:14: expected one of'],
    ['(age < 5', 'rules.csv:3:18: expected a closing parenthesis'],
    ['age < 5 5', 'rules.csv:3:18: expected and, or, or the end'],
    ['age < 5; drop', 'rules.csv:3:17: expected a field'],
    ['and < 5', 'rules.csv:3:10: expected the name of a field'],
    ['age   ; drop', 'rules.csv:3:16: expected a field'],
  ])('refuses %s by file, line and column', (text, message) => {
    expect(() => parseCondition(text, place)).toThrow(message)
  })
})

const header = 'id,priority,when,action,value,until\n'

describe('rules.csv', () => {
  it('asks rules by priority, then by row; the first that holds decides, until its last instant', () => {
    const rules = parseRules(
      `\uFEFF${header}small,1,progress < 0.5,size,0.5,\r\nyoung,9,age < 2,refuse,,\nsoon,5,buyers > 3,allow,,2024-01-01T00:00:00Z\n`,
      'rules.csv',
      ruleFields,
    )
    expect(rules.map(({ id }) => id)).toEqual(['young', 'soon', 'small'])
    const at = (facts: Record<string, number>, time = 0) => ruleFor(rules, facts, time)
    expect(at({ age: 1, progress: 0.1 })).toEqual({ id: 'young', refuses: true, size: 1 })
    expect(at({ age: 3, progress: 0.1 })).toEqual({ id: 'small', refuses: false, size: 0.5 })
    expect(at({ age: 3, progress: 0.1, buyers: 4 })).toEqual({ id: 'soon', refuses: false, size: 1 })
    const last = Date.UTC(2024, 0, 1)
    expect([at({ age: 3, buyers: 4 }, last).id, at({ age: 3, buyers: 4 }, last + 1).id]).toEqual(['soon', null])
  })

  it.each([
    ['id,priority,when,action,value\n', 'rules.csv:1:1'],
    ['id,priority,if,action,value,until\n', 'rules.csv:1:13: expected the column when, got "if"'],
    [`${header}a,x,age < 1,refuse,,\n`, 'rules.csv:2:3: expected a whole number'],
    [`${header}a,0x1,age < 1,refuse,,\n`, 'rules.csv:2:3: expected a whole number'],
    [`${header}a,1,age < 1,size,0x1,\n`, 'rules.csv:2:18: expected a number from 0 to 1'],
    [`${header}a,1,age < 1,buy,,\n`, 'rules.csv:2:13: expected one of refuse, allow, size'],
    [`${header}a,1,age < 1,size,2,\n`, 'rules.csv:2:18: expected a number from 0 to 1'],
    [`${header}a,1,age < 1,refuse,1,\n`, 'rules.csv:2:20'],
    [`${header}a,1,age < 1,refuse,,soon\n`, 'rules.csv:2:21: expected a time'],
    [`${header}a,1,age < 1,refuse,,\na,1,age < 1,refuse,,\n`, 'rules.csv:3:1: expected an id that no other row has'],
    [`${header}../etc,1,age < 1,refuse,,\n`, 'rules.csv:2:1: expected letters'],
    [`${header}a,1,age <,refuse,,\n`, 'rules.csv:2:10'],
    [`${header}a,1,agee < 1,refuse,,\n`, 'rules.csv:2:5'],
  ])('refuses %j by file, line and column', (text, message) => {
    expect(() => parseRules(text, 'rules.csv', ruleFields)).toThrow(message)
  })
})

describe('the decision for one user and one token', () => {
  const time = Date.UTC(2024, 0, 1, 12)
  const token: TokenData = {
    pair: 'TOKEN-1',
    fetchedAt: time - 5 * MINUTE_MS,
    form: 'whole',
    ageMs: 10 * MINUTE_MS,
    phase: 'mid',
    progress: 0.5,
    buyers: 30,
    reputation: 0.6,
    creatorShare: 0.02,
    multiLaunch: false,
    dormant: null,
    social: null,
    stopped: null,
    approved: false,
    risk: 0.2,
    gain: 0.8,
    news: { mood: 0.5, time: time - 5 * MINUTE_MS, form: 'whole' },
  }
  const snapshot = { time, form: 'whole' } as const
  const user = {
    user: 'User-1',
    profile: 'swing',
    cash: 5e9,
    baseSize: 1e9,
    holdsToken: false,
    consents: true,
    snapshot,
  } as const
  const ports = {
    rules: [],
    minConfidence: 0.7,
    reviewConfidence: 0.6,
    confidence: (_: unknown, score: number) => (score > 0.4 ? 0.75 : 0.2),
  }
  const decisionOf = (over: Partial<TokenData> = {}, more: Partial<DecisionInputs> = {}, asked = ports) =>
    decide(
      userGraph,
      {
        userData: user,
        tokenData: { ...token, ...over },
        time,
        weights: [0.6, 0.4],
        calibration: { from: [], share: [] },
        ...more,
      },
      asked as never,
    ).decision

  it('buys where nothing is against it, less the more likely a collapse is', () => {
    expect(decisionOf()).toEqual({ action: 'buy', amount: 640_000_000, confidence: 0.75, reasons: ['entry'] })
    expect(decisionOf({ risk: 0.79 }).amount).toBe(44_099_999)
    expect(decisionOf({ risk: 0.8 })).toMatchObject({ action: 'none', reasons: ['risk'] })
  })

  it.each([
    ['a snapshot of 30 minutes', { fetchedAt: time - 30 * MINUTE_MS }, 'entry', 640_000_000],
    ['a snapshot 1 ms older', { fetchedAt: time - 30 * MINUTE_MS - 1 }, 'staleSnapshot', 0],
    ['a snapshot of 46 minutes', { fetchedAt: time - 46 * MINUTE_MS }, 'staleSnapshot', 0],
    ['a snapshot from the future', { fetchedAt: time + 1 }, 'futureSnapshot', 0],
    ['a snapshot without a time', { fetchedAt: Number.NaN }, 'futureSnapshot', 0],
    ['news of 30 minutes', { news: { mood: 0.5, time: time - 30 * MINUTE_MS, form: 'whole' } }, 'entry', 640_000_000],
    [
      'news of 31 minutes: neutral, and half the size',
      { gain: 0.95, news: { mood: 0.5, time: time - 31 * MINUTE_MS, form: 'whole' } },
      'entry',
      320_000_000,
    ],
    ['news of 45 minutes', { gain: 0.95, news: { mood: 0.5, time: time - 45 * MINUTE_MS, form: 'whole' } }, 'entry', 320_000_000],
    ['news of 46 minutes', { news: { mood: 0.5, time: time - 46 * MINUTE_MS, form: 'whole' } }, 'staleNews', 0],
    ['news from the future', { news: { mood: 0.5, time: time + 1, form: 'whole' } }, 'futureNews', 0],
    ['no news', { news: null }, 'missingNews', 0],
  ] as const)('with %s does exactly what is said', (_, over, reason, amount) => {
    expect(decisionOf(over)).toMatchObject({ amount, reasons: expect.arrayContaining([reason]) })
    expect(decisionOf(over).reasons[0]).toBe(reason)
  })

  it('enters nothing without a snapshot, without a consent, in what is held, unsure, without cash, or against a rule', () => {
    const first = (over: Partial<DecisionInputs>, asked = ports) => decisionOf({}, over, asked).reasons[0]
    expect(first({ tokenData: null })).toBe('missingSnapshot')
    expect(first({ userData: { ...user, consents: false } })).toBe('noConsent')
    expect(first({ userData: { ...user, holdsToken: true } })).toBe('holds')
    expect(first({ userData: { ...user, cash: 639_999_999 } })).toBe('noCash')
    expect(first({ weights: [0, 0] })).toBe('lowConfidence')
    const rules = parseRules(`${header}young,1,age < 60,refuse,,\n`, 'rules.csv', ruleFields)
    expect(first({}, { ...ports, rules } as never)).toBe('rule:young')
  })
})
