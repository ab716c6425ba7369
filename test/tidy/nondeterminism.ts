/** Chance and wall time come through the seeded streams and the clock alone: the check for everything else that could let them in. */
import ts from 'typescript'
import { ENGINE_DEPENDENT_MATH } from '../../src/core/index.js'
import { ISOMORPHIC, roomOf } from './rooms.js'
import { type Finding, finding, isNamed, type Source, walk } from './source.js'

const CHANCE = ['randomUUID', 'crypto']
const TIME = [
  'Date',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'queueMicrotask',
  'requestAnimationFrame',
  'requestIdleCallback',
]
const HOST = [
  'process',
  'Buffer',
  'require',
  '__dirname',
  '__filename',
  'globalThis',
  'global',
  'window',
  'self',
  'document',
  'navigator',
]
const HOST_MORE = [
  'localStorage',
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'Worker',
  'Promise',
  'Intl',
  'WeakRef',
  'FinalizationRegistry',
]
const NEVER_ISOMORPHIC = new Set([...CHANCE, ...TIME, ...HOST, ...HOST_MORE])
const NEVER_ELSEWHERE = new Set([...CHANCE, ...TIME])
const NEVER_ANYWHERE = new Set(CHANCE)
/** Depends on the machine's language: `toLocaleString`, `localeCompare`. */
const LOCALE = /^(toLocale\w*|localeCompare)$/

/** Scenarios run wherever the ⬡ rooms do. */
const SCENARIOS = 'scenarios'

const ESCAPE = /\/\/ nondeterminism-ok:(.*)$/

/** Where a wall clock belongs outside the ⬡ rooms; chance still needs its reason at the line itself, as do other places. */
export const WALL_CLOCK: readonly { under: string; why: string }[] = [
  { under: 'src/cli/', why: 'progress, ETA and what a run cost are told to a person in wall time; none of it enters a run' },
  { under: 'src/feed/', why: 'polls, back-off and time-outs against servers outside' },
  { under: 'src/memory/', why: 'waits for a vector store outside: limits of time, back-off' },
  { under: 'src/ops/', why: 'watches processes and tells people in wall time; what it does to a run is an input of that run' },
  { under: 'src/pool/', why: 'how long a batch of tasks takes, and when a worker is taken for dead; nothing of it enters a run' },
  { under: 'src/transport/', why: 'heartbeats, PING deadlines and reconnects between processes' },
  { under: 'src/server/', why: 'frame pacing and liveness of viewers, in a thread of its own' },
  { under: 'src/world/fetch-candles.ts', why: 'a download from a server outside, told to a person in wall time' },
  { under: 'src/world/live/', why: 'the one place where the wall clock is turned into journalled ticks' },
]

export function checkNondeterminism(source: Source): Finding[] {
  const room = source.path.startsWith('scenarios/') ? SCENARIOS : roomOf(source.path)
  if (room === undefined) return []
  const hits = hitsIn(source, hitFor(room, source.path))
  return [...hits.filter(hit => !escaped(source, hit.line)), ...badEscapes(source, hits)]
}

function hitFor(room: string, path: string): Hit {
  if (ISOMORPHIC.has(room) || room === SCENARIOS) return isomorphicHit
  return WALL_CLOCK.some(place => path.startsWith(place.under)) ? chanceHit : outerHit
}

type Hit = (node: ts.Node, declared: ReadonlySet<string>) => string | undefined

function hitsIn(source: Source, hit: Hit): Finding[] {
  const declared = declaredNames(source)
  const found: Finding[] = []
  walk(source.tree, node => {
    if (isType(node)) return false
    const says = hit(node, declared)
    if (says !== undefined) found.push(finding(source, node, says))
    return true
  })
  return found
}

function isomorphicHit(node: ts.Node, declared: ReadonlySet<string>): string | undefined {
  if (node.kind === ts.SyntaxKind.AsyncKeyword || ts.isAwaitExpression(node)) return 'a ⬡ room is synchronous'
  if (ts.isForOfStatement(node) && node.awaitModifier) return 'a ⬡ room is synchronous'
  if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword)
    return 'import.meta is different in every place a ⬡ room runs'
  return engineHit(node) ?? globalHit(node, declared, NEVER_ISOMORPHIC)
}

function chanceHit(node: ts.Node, declared: ReadonlySet<string>): string | undefined {
  return mathHit(node) ?? nameHit(node, declared, NEVER_ANYWHERE)
}

/** Outside ⬡, `new Date(ms)`, `Date.UTC` and `Date.parse` only convert, and pass. */
function outerHit(node: ts.Node, declared: ReadonlySet<string>): string | undefined {
  return isNamed(node, 'Date') && convertsOnly(node.parent) ? undefined : globalHit(node, declared, NEVER_ELSEWHERE)
}

function convertsOnly(parent: ts.Node): boolean {
  if (ts.isNewExpression(parent)) return parent.arguments?.length === 1
  return ts.isPropertyAccessExpression(parent) && (parent.name.text === 'UTC' || parent.name.text === 'parse')
}

function globalHit(node: ts.Node, declared: ReadonlySet<string>, banned: ReadonlySet<string>): string | undefined {
  if (ts.isPropertyAccessExpression(node) && LOCALE.test(node.name.text))
    return `${node.name.text} depends on the machine's language`
  return mathHit(node) ?? nameHit(node, declared, banned)
}

function mathHit(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && isNamed(node.expression, 'Math') && node.name.text === 'random')
    return 'Math.random is not seeded'
  if (ts.isElementAccessExpression(node) && isNamed(node.expression, 'Math')) return 'Math[…] could be Math.random'
  const renamed = ts.isVariableDeclaration(node) && node.initializer && isNamed(node.initializer, 'Math')
  return renamed ? 'Math under another name hides Math.random' : undefined
}

/** What engines may round differently: a run of one would not be a run of another. */
function engineHit(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && isNamed(node.expression, 'Math') && ENGINE_DEPENDENT_MATH.includes(node.name.text))
    return `Math.${node.name.text} depends on the engine; use math of core`
  return ts.isBinaryExpression(node) && isPower(node.operatorToken.kind) && !isExactPower(node)
    ? '** depends on the engine; use math.pow, or x ** 2 and 2 ** 31, which are exact'
    : undefined
}

function isPower(kind: ts.SyntaxKind): boolean {
  return kind === ts.SyntaxKind.AsteriskAsteriskToken || kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken
}

/** A square is one multiplication in every engine, and a power of two has one bit. From `x ** 3` on, engines multiply in different orders. */
function isExactPower({ left, right }: ts.BinaryExpression): boolean {
  if (!ts.isNumericLiteral(right)) return false
  return right.text === '2' || (ts.isNumericLiteral(left) && left.text === '2' && Number.isInteger(Number(right.text)))
}

function nameHit(node: ts.Node, declared: ReadonlySet<string>, banned: ReadonlySet<string>): string | undefined {
  if (ts.isImportSpecifier(node))
    return banned.has((node.propertyName ?? node.name).text) ? bannedText(node.name.text) : undefined
  if (!ts.isIdentifier(node) || !banned.has(node.text) || declared.has(node.text) || isNameOnly(node)) return undefined
  return bannedText(node.text)
}

const bannedText = (name: string): string => `${name} does not belong here; time comes from the clock, chance from a stream`

/** `x.Date`, `{ Date: 1 }`, a method called `Date`: the same letters, another thing. */
function isNameOnly(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) || ts.isQualifiedName(parent)) return parent.getLastToken() === node
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return true
  return 'name' in parent && parent.name === node && !ts.isShorthandPropertyAssignment(parent)
}

/** Types are gone at run time; the base of a class looks like one and is not. */
function isType(node: ts.Node): boolean {
  return ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)
}

/** Names the file itself gives to parameters, variables, functions and classes. An import of a banned name counts as that name. */
function declaredNames(source: Source): Set<string> {
  const names = new Set<string>()
  walk(source.tree, node => {
    const declares = ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node)
    const named = declares || ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)
    if (named && node.name && ts.isIdentifier(node.name)) names.add(node.name.text)
    return true
  })
  return names
}

/** The escape stands on the line itself or alone on the line before. */
function escaped(source: Source, line: number): boolean {
  return escapeLineFor(source, line) !== undefined
}

function escapeLineFor(source: Source, line: number): number | undefined {
  if (reasonAt(source, line) !== undefined) return line
  const before = source.lines[line - 2]?.trim() ?? ''
  return before.startsWith('//') && reasonAt(source, line - 1) !== undefined ? line - 1 : undefined
}

function reasonAt(source: Source, line: number): string | undefined {
  return ESCAPE.exec(source.lines[line - 1] ?? '')?.[1]?.trim()
}

/** An escape needs a reason, and something to excuse. */
function badEscapes(source: Source, hits: readonly Finding[]): Finding[] {
  const used = new Set(hits.map(hit => escapeLineFor(source, hit.line)))
  return source.lines.flatMap((_text, index) => {
    const line = index + 1
    const reason = reasonAt(source, line)
    if (reason === undefined) return []
    if (reason.length < 10)
      return [{ path: source.path, line, says: 'nondeterminism-ok needs its reason: "// nondeterminism-ok: <why>"' }]
    return used.has(line) ? [] : [{ path: source.path, line, says: 'nondeterminism-ok excuses nothing here; remove it' }]
  })
}
