/** Numbers as panels print them: whole ones lose no digit, and no two ticks of an axis read alike. */
import { expect, it } from 'vitest'
import { shown, shownShort } from '../../viz/panels/numbers.js'

it('prints whole numbers with all their digits, and others with five', () => {
  expect([100_012, 1_234_567, 12_345.6, 1_234.56, 0.123456].map(shown)).toEqual([
    '100,012',
    '1,234,567',
    '12,346',
    '1,234.6',
    '0.12346',
  ])
})

it('shortens a tick only where the short form says the same number', () => {
  expect([99_950, 100_000, 100_050, 12_000, 1_500_000].map(shownShort)).toEqual(['99,950', '100K', '100,050', '12K', '1.5M'])
})
