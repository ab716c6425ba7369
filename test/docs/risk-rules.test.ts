/** docs/reference/risk-rules.md is what the rules of the gate say of themselves. */

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import * as trading from '../../src/trading/index.js'
import { root, textOf } from './pages.js'

const page = textOf('docs/reference/risk-rules.md')
const { rulesPage }: { rulesPage(of: typeof trading): string } = await import(
  pathToFileURL(join(root, 'scripts/lib/docs/risk-rules.mjs')).href
)

describe('docs/reference/risk-rules.md', () => {
  it('is up to date (npm run pages writes it again)', () => {
    expect(page).toBe(rulesPage(trading))
  })

  it('has a row of every rule of the house in its order, every limit, every lock of the risk manager, and no empty place', () => {
    const rows = page.split('\n').filter(line => /^\| `/.test(line))
    const first = rows.map(row => /^\| `(\w+)`/.exec(row)?.[1])
    const { houseRules, accountSpecs, limitSpecs, riskKinds } = trading
    expect(first.slice(0, houseRules.length)).toEqual(houseRules.map(({ code }) => code))
    expect(first).toEqual(expect.arrayContaining([...Object.keys(accountSpecs), ...riskKinds]))
    expect(Object.keys(limitSpecs).filter(name => !page.includes(`\`${name}\``))).toEqual([])
    expect(page).not.toContain('undefined')
  })
})
