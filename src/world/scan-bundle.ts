/**
 * Names what makes a scenario another run each time, or on another machine: chance and time that come through no seeded
 * stream or model clock, methods that go on after their step, the engine's own mathematics. It reads the bundle, which
 * holds the scenario's file and the files that it imports by a path; packages are not in it, and not read.
 */

import { codeOf, ENGINE_DEPENDENT_MATH } from '../core/index.js'
import { inlineMap, placeByMaps } from './source-places.js'

/** What a scenario does that a seed may not repeat. */
export interface ScenarioWarning {
  /** Its places in the source, and what to write in its place. */
  readonly sentence: string
  /** True where the next run differs; false where another engine's last digits may. */
  readonly unseeded: boolean
}

interface Rule {
  readonly finds: RegExp
  /** What is wrong with it, and what to write in its place. */
  readonly says: string
  /** Only another engine makes another run. */
  readonly engine?: true
}

const free = '(?<![.\\w$#])'

const rules: readonly Rule[] = [
  {
    finds: new RegExp(`${free}(Math\\.random|(?:crypto\\.)?(?:randomUUID|getRandomValues|randomBytes|randomInt))\\b`, 'g'),
    says: 'is not seeded: draw from `rng`, or from a stream of the model',
  },
  {
    finds: new RegExp(
      `${free}(Date\\.now|new Date\\(\\)|new Date\\b(?!\\s*\\()|performance\\.(?:now|timeOrigin)|process\\.(?:hrtime|uptime))`,
      'g',
    ),
    says: 'is the time of the wall: the model’s is `now`',
  },
  {
    finds: new RegExp(
      `${free}(setTimeout|setInterval|setImmediate|queueMicrotask|process\\.nextTick|requestAnimationFrame)(?=\\s*\\()`,
      'g',
    ),
    says: 'runs between steps, or never: plan an event with after(), at() or every()',
  },
  {
    finds: new RegExp(`${free}(async (?!function\\b)(?:\\*\\s*)?(?:[\\w$#]+|\\([^()]*\\)))(?=\\s*(?:\\(|=>))`, 'g'),
    says: 'goes on after its step has ended: a model is synchronous',
  },
  {
    finds: new RegExp(`${free}(Math\\.(?:${ENGINE_DEPENDENT_MATH.join('|')}))\\b|(\\*\\*)(?!=?\\s*2(?![\\w.]))`, 'g'),
    says: 'is the engine’s own mathematics, whose last digits differ on another: use `math` of mycelia',
    engine: true,
  },
]

/** Most places named of one kind. */
const mostPlaces = 3

/** A warning of each kind, with all its places. */
export function warningsIn(bundle: string): ScenarioWarning[] {
  const map = inlineMap(bundle)
  if (map === undefined) return []
  const code = codeOf(bundle)
  const placeOf = placeByMaps(map)
  const lines = lineStarts(code)
  return rules.flatMap(({ finds, says, engine }) => {
    const found = new Map<string, string[]>()
    for (const match of code.matchAll(finds)) {
      const place = placeOf(positionOf(match.index, lines))
      const what = (match[1] ?? match[2] ?? '').replace(/^async .*/, text => text.replace(/\([\s\S]*\)/, '(…)'))
      if (place !== undefined) found.set(what, [...(found.get(what) ?? []), place])
    }
    return [...found].map(([what, places]) => ({ sentence: `${listed(places)}: ${what} ${says}.`, unseeded: engine !== true }))
  })
}

function listed(places: readonly string[]): string {
  const more = places.length - mostPlaces
  return `${places.slice(0, mostPlaces).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function lineStarts(code: string): number[] {
  const starts = [0]
  for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function positionOf(index: number, starts: readonly number[]): { line: number; column: number } {
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] as number) <= index) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: index - (starts[low] as number) + 1 }
}
