/** Everything `npm test` runs, by the counts of the night (test/tier.ts), and what runs at night alone (reliability.md, tier N). */
import { defineConfig } from 'vitest/config'
import { testsBut } from './vitest.config.js'

const base = testsBut(['node_modules/**'])

export default defineConfig({
  ...base,
  test: { ...base.test, testTimeout: 30 * 60_000, hookTimeout: 30 * 60_000, env: { MYCELIA_NIGHT: '1' } },
})
