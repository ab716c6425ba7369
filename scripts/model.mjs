/**
 * Writes the files of the shipped embedding model again, `data/models/trade-sentence/`. With `fit`, its scale too, from 5,000 simulated
 * trades, which takes minutes.
 *
 *     npm run model [-- fit]
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const [how = 'write', ...others] = process.argv.slice(2)
if (others.length > 0 || !['write', 'fit'].includes(how)) {
  console.error(`expected nothing or "fit", got "${process.argv.slice(2).join(' ')}".`)
  process.exit(2)
}
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const args = [vitest, 'run', 'test/memory/trade-sentence-model.test.ts']
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, MODEL: how } })
process.exitCode = status ?? 1
