import { spawn } from 'node:child_process'
import { chromium } from 'playwright-core'
const [target, ...rest] = process.argv.slice(2)
const child = spawn('node', ['/work/wt/all/bin/mycelia', 'watch', target, '--port', '0', ...rest], { cwd: '/tmp/try' })
let text = ''
child.stderr.on('data', d => { text += d; process.stderr.write(d) }); child.stdout.on('data', d => process.stdout.write(d))
while (!/http:\S+/.test(text)) await new Promise(r => setTimeout(r, 100))
const url = /http:\S+/.exec(text)[0]
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] })
const name = target.replace(/\W+/g, '-')
const p = await b.newPage({ viewport: { width: 1280, height: 720 } })
p.on('console', m => m.type() === 'error' && console.log('console', m.text())); p.on('pageerror', e => console.log('error', e.message))
await p.goto(url); await p.waitForTimeout(4000)
await p.screenshot({ path: `/tmp/try/${name}.png` })
const q = await b.newPage({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
await q.goto(url); await q.waitForTimeout(2000)
await q.screenshot({ path: `/tmp/try/${name}-phone.png` })
console.log(await p.evaluate(() => document.body.innerText.slice(0, 1500)))
await b.close(); child.kill('SIGINT'); await new Promise(r => child.once('exit', (c) => { console.log('exit', c); r() }))
