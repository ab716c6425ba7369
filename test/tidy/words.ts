/** Words that only this project used, each with the field's word that took its place: no identifier and no file name may bring one back. */
import ts from 'typescript'
import { type Finding, finding, type Source, walk } from './source.js'

/** A part of a name: `newBook` and `book-states.ts` hold "book". */
const RETIRED_WORDS: Readonly<Record<string, string>> = {
  agenda: 'tick scheduler',
  answerer: 'request handler',
  birthplace: 'construction context',
  deal: 'assignment',
  dealt: 'assigned',
  duty: 'confirmation task',
  foresight: 'prefetch',
  glance: 'prefetch',
  guardian: 'risk manager',
  herd: 'consensus policy',
  mind: 'learner state',
  observatory: 'blackboard',
  pacer: 'rate limiter',
  relive: 'replay tick',
  seat: 'instrument state',
}

/** A whole identifier: the word is an ordinary one elsewhere. */
const RETIRED_NAMES: Readonly<Record<string, string>> = {
  asked: 'request',
  Case: 'past trade',
  Hold: 'buy and hold',
  holes: 'tombstones',
  letGo: 'shutdown',
  Link: 'peer connection',
  Look: 'agent style',
  orPut: 'get or insert',
  Remote: 'peer bridge',
  told: 'on heartbeat',
  Turns: 'activation loop',
}

/** Names that are saved, in files and databases of older versions, by the folder that reads and writes them. */
const SAVED: readonly { readonly under: string; readonly name: string; readonly why: string }[] = [
  { under: 'src/model/requests.ts', name: 'asked', why: 'a counter that checkpoints hold' },
  { under: 'src/agents/mycelial/memory.ts', name: 'asked', why: 'a counter that checkpoints hold' },
  { under: 'src/agents/mycelial/view/health.ts', name: 'asked', why: 'the same counter, read' },
]

export function checkWords(source: Source): Finding[] {
  const file = source.path.split('/').at(-1) ?? ''
  const found: Finding[] = []
  const inFile = retiredIn(file.replace(/\.ts$/, ''))
  if (inFile !== undefined) found.push({ path: source.path, line: 1, says: `the file's name: ${inFile}` })
  walk(source.tree, node => {
    const says = ts.isIdentifier(node) && !isSaved(source.path, node.text) ? retiredIn(node.text) : undefined
    if (says !== undefined) found.push(finding(source, node, says))
    return true
  })
  return found
}

function isSaved(path: string, name: string): boolean {
  return SAVED.some(saved => path.startsWith(saved.under) && name === saved.name)
}

/** What to say instead, or undefined where the name holds no retired word. */
function retiredIn(name: string): string | undefined {
  if (Object.hasOwn(RETIRED_NAMES, name)) return `"${name}" is retired: ${RETIRED_NAMES[name]}`
  for (const word of wordsOf(name)) {
    const singular = Object.hasOwn(RETIRED_WORDS, word) ? word : word.replace(/ies$/, 'y').replace(/s$/, '')
    if (Object.hasOwn(RETIRED_WORDS, singular)) return `"${singular}" in "${name}" is retired: ${RETIRED_WORDS[singular]}`
  }
  return undefined
}

/** `bookOnBar` → book, on, bar. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
}
