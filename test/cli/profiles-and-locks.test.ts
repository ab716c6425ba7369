/** What the command says of profiles and locks where it can do nothing: the reason, and no wrong number. */

import { expect, it } from 'vitest'
import { assertEndable, haltsThatStay } from '../../src/cli/verbs/operator.js'
import { command } from './in-process.js'

it('list --profiles of a scenario that trades nothing says that, and names one that trades', async () => {
  const { code, stdout, stderr } = await command(['list', 'wealth', '--profiles'])
  expect(code).toBe(2)
  expect(stdout + stderr).not.toContain('NaN')
  expect(stderr).toMatch(/the profiles for wealth: expected a scenario that trades.*mycelia list trifecta --profiles/s)
  expect((await command(['list', 'trifecta', '--profiles'])).stdout).toMatch(/micro\n/)
})

it('unlock refuses what it cannot end: a drawdown while equity is unknown, and a loss that cannot be computed', () => {
  const drawdown = { id: 'baseline:drawdown:all:1', kind: 'drawdown', portfolio: 'baseline' }
  const unknown = { id: 'baseline:uncomputable:all:2', kind: 'uncomputable', portfolio: 'baseline' }
  const other = { ...unknown, portfolio: 'mycelial' }
  expect(() => assertEndable(drawdown, [drawdown, unknown])).toThrow(/baseline:drawdown:all:1.*Try again after the next price/)
  expect(() => assertEndable(unknown, [unknown])).toThrow(/one of a loss that cannot be computed.*It ends with the next price/)
  expect(() => assertEndable(drawdown, [drawdown, other])).not.toThrow()
  expect(haltsThatStay([drawdown, unknown])).toMatch(/stay.*: baseline\./)
  expect(haltsThatStay([drawdown, other])).toBe('')
})
