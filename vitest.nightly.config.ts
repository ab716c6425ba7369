/** Everything `npm test` runs, and the long counts beside it (reliability.md, tier N). */
import { defineConfig } from 'vitest/config'
import base from './vitest.config.js'

export default defineConfig({
  ...base,
  test: { ...base.test, exclude: ['node_modules/**'], testTimeout: 30 * 60_000, hookTimeout: 30 * 60_000 },
})
