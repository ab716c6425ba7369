/** A child of tests: heartbeats, and what its second argument says: live, hang, crash, finish, stubborn, fault. */
import { setTimeout as wait } from 'node:timers/promises'

const [, , what] = process.argv
const beat = (failed = []) => ({
  beat: 1,
  state: 'live',
  rssBytes: 1e6,
  files: 10,
  loopDelayMs: 1,
  marketDown: false,
  failed,
  model: null,
})
process.once('disconnect', () => process.exit(0))
if (what === 'crash') process.exit(1)
if (what === 'stubborn') process.on('SIGTERM', () => undefined)
console.log(`token ${process.env.PLANTED_TOKEN}`)
for (let n = 0; ; n++) {
  process.send(beat(what === 'fault' ? ['kraken'] : []))
  if (what === 'finish' && n === 3) process.exit(0)
  if ((what === 'hang' || what === 'stubborn') && n === 3)
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000)
  await wait(50)
}
