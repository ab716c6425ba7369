/**
 * Starts Chroma's server on the loopback and prints its address; it ends with this process.
 *
 *     npm run chroma -- [--path FOLDER] [--port N]
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startChroma } from '../dist/src/memory/index.js'

try {
  await serve(optionsOf())
} catch (error) {
  console.error(error.message)
  process.exitCode = error.name === 'OperatorError' ? 2 : 1
}

function optionsOf() {
  try {
    const { values } = parseArgs({ options: { path: { type: 'string' }, port: { type: 'string' }, help: { type: 'boolean' } } })
    return values
  } catch (error) {
    console.error(`${error.message}. Usage: npm run chroma -- [--path FOLDER] [--port N]`)
    process.exit(2)
  }
}

async function serve({ path, port, help }) {
  if (help) return console.log('npm run chroma -- [--path FOLDER (runs/chroma)] [--port N (8000)]')
  const folder = path ?? fileURLToPath(new URL('../runs/chroma', import.meta.url))
  if (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65_535)) {
    console.error(`--port: expected 1 to 65535, got "${port}".`)
    process.exit(2)
  }
  const server = await startChroma({ folder, port: Number(port ?? 8_000) })
  console.log(`Chroma answers at ${server.url} (process ${server.pid}), its data are in ${folder}.`)
  console.log(`Use it with: CHROMA_URL=${server.url}`)
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.stop())
  await server.ended
}
