/** docs/promises.md and the names of the tests agree: each id is explained, and no explanation is of an id without a test. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root, textOf } from './pages.js'

/** Ids at the head of a test's name, as in `'D1, D5: gives one digest'`. */
function idsIn(text: string): string[] {
  return [...text.matchAll(/['"`]((?:[A-Z]\d{1,2}, )*[A-Z]\d{1,2}): /g)].flatMap(([, ids]) => ids?.split(', ') ?? [])
}

const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.test.ts') && !name.endsWith('promises.test.ts'))
  .map(name => readFileSync(join(root, 'test', name), 'utf8'))
const tested = new Set(tests.flatMap(idsIn))
const listed = [...textOf('docs/promises.md').matchAll(/^\| ([A-Z]\d{1,2}) \| .+\.? \|$/gm)].map(([, id]) => id ?? '')

describe('docs/promises.md', () => {
  it('explains every id that begins the name of a test, once, and no other', () => {
    expect(idsIn("it('D1, D5: gives one digest'); test(`C6: it goes on`)")).toEqual(['D1', 'D5', 'C6'])
    expect([...listed].sort()).toEqual([...tested].sort())
  })
})
