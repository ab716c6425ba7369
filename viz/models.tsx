import { render } from 'preact'

new Worker(new URL('./worker/entry.ts', import.meta.url), { type: 'module' }).postMessage(0)
const app = document.getElementById('app')
if (app !== null) render(<h1>Mycelia</h1>, app)
