/** What makes the charts of a notebook interactive: Vega, put into the page once, so that it needs no network. */

import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, stop } from 'esbuild'
import { display } from './show.js'

/** Charts shown after this call react to the pointer. Without it, or where a reader's page runs no scripts, they stay pictures. */
export async function interactive(): Promise<void> {
  await display({ 'text/html': await clientHtml(), 'text/plain': '' })
}

/** The library as a script of the page. */
export async function clientHtml(): Promise<string> {
  const packed = gzipSync(await client(), { level: 9 }).toString('base64')
  return `<script>
window.myceliaCharts ??= (async () => {
  const packed = Uint8Array.from(atob("${packed}"), c => c.charCodeAt(0))
  const text = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text()
  return (await import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })))).draw
})()
</script>`
}

async function client(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('client.ts', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
  })
  await stop()
  return outputFiles[0]?.text ?? ''
}
