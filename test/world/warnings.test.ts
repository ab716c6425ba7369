/** What a scenario file does that a seed does not repeat is named with file and line when it is bundled. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { bundle } from '../../src/world/bundle-scenario.js'
import { warningsIn } from '../../src/world/scan-bundle.js'

async function warningsOf(files: Record<string, string>): Promise<string[]> {
  const place = mkdtempSync(join(tmpdir(), 'mycelia-warnings-'))
  onTestFinished(() => rmSync(place, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text)
  return warningsIn(await bundle(join(place, 'town.ts'))).map(({ sentence }) => sentence.replaceAll(`${place}/`, ''))
}

it.each([
  ['Math.random()', /Math\.random is not seeded: draw from `rng`/],
  ['crypto.randomUUID()', /crypto\.randomUUID is not seeded/],
  ['Date.now()', /Date\.now is the time of the wall/],
  ['new Date()', /new Date\(\) is the time of the wall/],
  ['new Date', /new Date\(?\)? is the time of the wall/],
  ['performance.now()', /performance\.now is the time/],
  ['setTimeout(f, 1)', /setTimeout runs between steps/],
  ['setInterval(f, 1)', /setInterval runs between steps/],
  ['[1].map(async x => x)', /async \(…\) goes on after its step/],
  ['{ async step(n: number) { await n } }', /async step goes on after its step/],
  ['Math.sin(2)', /Math\.sin is the engine’s own mathematics/],
  ['x ** 0.5', /\*\* is the engine’s own/],
])('%s', async (use, says) => {
  const text = `declare const x: number, f: () => void, crypto: any\n\nexport const used = () => (\n  ${use}\n)\n`
  const warnings = await warningsOf({ 'town.ts': text })
  expect(warnings).toEqual([expect.stringMatching(says)])
  expect(warnings[0]).toMatch(/^town\.ts:4:\d+: /)
})

it('in a file that the scenario imports is named there, with every place', async () => {
  const helper = 'export const a = () => Math.random()\nexport const b = () => Math.random()\n'
  const warnings = await warningsOf({ 'town.ts': "export { a, b } from './helper'\n", 'helper.ts': helper })
  expect(warnings).toEqual([
    'helper.ts:1:24, helper.ts:2:24: Math.random is not seeded: draw from `rng`, or from a stream of the model.',
  ])
})

it('is not seen in comments, texts, regular expressions and members of other names', async () => {
  const text = [
    '// Math.random()',
    '/* Date.now() */',
    'const here = { performance: { now: () => 1 }, Date: class { static now() { return 2 } } }',
    "export const texts = (n: number) => [\"Math.random()\", 'it\\'s Date.now()', `new Date() §{`Math.sin §{n / 2} /`} setTimeout()`]",
    'export const rest = (n: number) => /Math.random["\'`/]()/.test(`§{n}`) && n / here.performance.now() / here.Date.now() > 1',
    'export const dates = [new Date(0), Date.UTC(2020, 1), Math.floor(2.5), async function load() {}]',
  ]
    .join('\n')
    .replaceAll('§', '$')
  expect(await warningsOf({ 'town.ts': text })).toEqual([])
})

it('a square is exact in every engine, and mathematics of the engine is noted and never refused', async () => {
  expect(await warningsOf({ 'town.ts': 'export const f = (x: number) => x ** 2 + 2 ** 2\n' })).toEqual([])
  expect(await warningsOf({ 'town.ts': 'export const f = (x: number) => x ** 2.5 + x ** 20\n' })).toHaveLength(1)
})
