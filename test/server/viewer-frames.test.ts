/** What viewers see: all of it first, then what is new, the newest where they are slow, and each run its own. */

import { expect, test } from 'vitest'
import { Parts, Subscription } from '../../src/view/index.js'
import { type Client, connect, controlToken, MadeUpRun, serveHere } from './viewer-kit.js'

/** Every part by name, as values that can be compared. */
function contents(parts: Parts): Record<string, unknown> {
  return Object.fromEntries([...parts.names()].sort().map(name => [name, parts.json(name) ?? [...(parts.array(name) ?? [])]]))
}

function stepOf({ parts }: Client): number | undefined {
  return (parts.json('clock') as { step: number } | undefined)?.step
}

test('V4: a viewer that comes late or again gets everything first, then what is new, and has what the run has', async () => {
  const { url, run } = await serveHere()
  const shown = run()
  const made = new MadeUpRun()
  shown.onQuestions(questions => {
    made.questions = questions
    shown.publish(made.look())
  })
  const early = await connect(url)
  early.ask('panel/x/')
  for (let i = 0; i < 20; i++) {
    shown.publish(made.look())
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  const late = await connect(url)
  late.ask('panel/x/')
  await expect.poll(() => contents(late.parts)).toEqual(contents(made.parts))
  const names = [...late.parts.names()]
  expect(names).toEqual(expect.arrayContaining(['about', 'clock', 'layer/x', 'panel/x//value']))
  shown.publish(made.look())
  for (const viewer of [early, late]) await expect.poll(() => contents(viewer.parts)).toEqual(contents(made.parts))
  const last = new Parts(1)
  last.receive(new Uint8Array(late.frames.at(-1) ?? []))
  expect(last.has('about'), 'what has not changed is not sent again').toBe(false)
  late.socket.terminate()
  const again = await connect(url)
  again.ask('panel/x/')
  await expect.poll(() => contents(again.parts)).toEqual(contents(made.parts))
})

test('V4: a run that begins anew is shown anew, without anything of the one before', async () => {
  const { url, run } = await serveHere()
  const shown = run()
  const viewer = await connect(url)
  const first = new MadeUpRun(1)
  first.parts.setJson('types', { Old: 1 })
  for (let i = 0; i < 5; i++) shown.publish(first.look())
  await expect.poll(() => stepOf(viewer)).toBe(5)
  const second = new MadeUpRun(2)
  shown.publish(second.look())
  await expect.poll(() => contents(viewer.parts)).toEqual(contents(second.parts))
})

test('a run hears once what all its viewers ask together, and what nobody asks any more is forgotten', async () => {
  const { url, run, counters } = await serveHere({ limits: { questions: 3 } })
  const shown = run()
  const made = new MadeUpRun()
  const heard: (readonly string[])[] = []
  shown.onQuestions(questions => {
    heard.push(questions)
    made.questions = questions
    for (const name of [...made.parts.names()])
      if (name.includes('panel') && !questions.some(q => name.startsWith(q))) made.parts.delete(name)
    shown.publish(made.look())
  })
  const viewers = [await connect(url), await connect(url)] as const
  viewers[0].ask('panel/x', 'panel/y')
  viewers[1].ask('panel/y', 'panel/z')
  await expect.poll(() => heard.at(-1)).toEqual(['panel/x', 'panel/y', 'panel/z'])
  await expect.poll(() => viewers[1].parts.json('panel/z/value')).toMatch(/panel\/z at/)
  expect(viewers[1].parts.has('panel/x/value')).toBe(false)
  viewers[1].ask('panel/w', 'panel/z')
  await expect.poll(() => viewers[1].texts.at(-1)).toEqual({ error: expect.stringMatching(/cannot be shown/) })
  expect(counters.questionsRefused).toBe(2)
  viewers[0].socket.terminate()
  await expect.poll(() => heard.at(-1)).toEqual(['panel/y', 'panel/z'])
  viewers[1].ask()
  await expect.poll(() => heard.at(-1)).toEqual([])
  viewers[1].ask('panel/y')
  const step = made.step
  await expect.poll(() => viewers[1].parts.json('panel/y/value')).toBe(`panel/y at ${step + 1}`)
})

test('an answer that the run had before is sent on, though its parts are older than what the viewer has', async () => {
  const { url, run } = await serveHere()
  const shown = run()
  const made = new MadeUpRun()
  made.questions = ['panel/old']
  made.look()
  made.questions = []
  for (let i = 0; i < 5; i++) made.look()
  shown.publish(made.parts)
  const viewer = await connect(url)
  await expect.poll(() => stepOf(viewer)).toBe(6)
  viewer.ask('panel/old')
  await expect.poll(() => viewer.parts.json('panel/old/value')).toBe('panel/old at 1')
})

test('two runs at one server have their own viewers, frames, questions and commands', async () => {
  const { url, run } = await serveHere()
  const shown = [run(), run('b')] as const
  const made = [new MadeUpRun(), new MadeUpRun()] as const
  const commands: string[] = []
  shown[0].onCommand(command => void commands.push(`a ${command.do}`))
  shown[1].onCommand(async command => void commands.push(`b ${command.do}`))
  const hello = { token: controlToken }
  const viewers = [await connect(url, { hello }), await connect(url, { hello, path: '/frames?run=b' })] as const
  shown[0].publish(made[0].look())
  made[1].look()
  shown[1].publish(made[1].look())
  await expect.poll(() => viewers.map(stepOf)).toEqual([1, 2])
  await viewers[0].command({ do: 'play' })
  await viewers[1].command({ do: 'pause' })
  expect(commands).toEqual(['a play', 'b pause'])
  shown[1].end()
  await expect.poll(() => viewers[1].closed).toEqual({ code: 1001, why: 'This run is shown no longer.' })
  await expect(connect(url, { path: '/frames?run=b' })).rejects.toThrow(/404/)
  expect(viewers[0].closed).toBeUndefined()
})

test('V1: slow viewers get no further frame until they took one, are ended where they stall, and keep nobody else from the newest', async () => {
  const { url, run, counters } = await serveHere({ limits: { stallMs: 1_500, sweepMs: 100 } })
  const shown = run()
  const made = new MadeUpRun()
  const dial = (n: number) => Promise.all(Array.from({ length: n }, () => connect(url)))
  const [slow, normal] = [await dial(50), await dial(5)]
  await expect.poll(() => [...slow, ...normal].every(({ texts }) => texts.length === 1)).toBe(true)
  for (const { socket } of slow) socket.pause()
  await expect
    .poll(
      () => {
        shown.publish(made.look(1_000_000))
        return counters.viewersStalled
      },
      { timeout: 40_000, interval: 50 },
    )
    .toBe(50)
  expect(counters.framesSkipped).toBeGreaterThan(50)
  // Of each slow viewer at most what the system buffers, and one frame more.
  expect(counters.framesSent).toBeLessThan(5 * made.step + 50 * 20)
  shown.publish(made.look())
  for (const viewer of normal) await expect.poll(() => stepOf(viewer)).toBe(made.step)
}, 60_000)

test('a viewer that was slow for a while goes on with the newest', async () => {
  const { url, run, counters } = await serveHere()
  const shown = run()
  const made = new MadeUpRun()
  const viewer = await connect(url)
  await expect.poll(() => viewer.texts.length).toBe(1)
  viewer.socket.pause()
  await expect
    .poll(
      () => {
        shown.publish(made.look(1_000_000))
        return counters.framesSkipped
      },
      { timeout: 20_000, interval: 5 },
    )
    .toBeGreaterThan(20)
  viewer.socket.resume()
  await expect.poll(() => stepOf(viewer), { timeout: 10_000 }).toBe(made.step)
  expect(viewer.frames.length).toBeLessThan(made.step - 15)
})

test('viewers that lack the same parts share one frame', async () => {
  const { url, run, counters } = await serveHere()
  const shown = run()
  const made = new MadeUpRun()
  const viewers = await Promise.all(Array.from({ length: 8 }, () => connect(url)))
  await expect.poll(() => viewers.every(({ texts }) => texts.length === 1)).toBe(true)
  for (let i = 1; i <= 4; i++) {
    shown.publish(made.look())
    await expect.poll(() => viewers.every(viewer => stepOf(viewer) === made.step)).toBe(true)
  }
  expect(counters).toMatchObject({ framesSent: 32, framesEncoded: 4 })
})

test('a frame that passes on parts holds no more memory than they have', () => {
  const from = new Parts(1)
  const to = new Parts()
  const wants = new Subscription()
  for (let i = 0; i < 50; i++) {
    from.advance()
    from.setArray(`layer/${i}`, new Uint8Array(8))
    from.setArray('layer/large', new Uint8Array(100_000).fill(i))
    to.relay(from.frame(wants.since) ?? new Uint8Array())
    wants.has(from.version)
  }
  const held = new Set([...to.names()].map(name => to.array(name)?.buffer))
  expect([...held].reduce((sum, buffer) => sum + (buffer?.byteLength ?? 0), 0)).toBeLessThan(250_000)
})

test('a run whose frames are not taken hands over fewer, and the newest in the end', async () => {
  const { url, run, counters } = await serveHere()
  const shown = run()
  const made = new MadeUpRun()
  const viewer = await connect(url)
  for (let i = 0; i < 500; i++) shown.publish(made.look())
  expect(shown.isReady).toBe(false)
  await expect.poll(() => stepOf(viewer)).toBe(500)
  expect(counters.framesHeld).toBeGreaterThan(490)
  expect(viewer.frames.length).toBeLessThan(10)
})

test('what is counted stands at /metrics', async () => {
  const { url, run } = await serveHere()
  const viewer = await connect(url)
  run().publish(new MadeUpRun().look())
  await expect.poll(() => viewer.frames.length).toBe(1)
  const text = await (await fetch(`${url}/metrics`)).text()
  for (const line of [
    '# TYPE mycelia_viewers gauge',
    'mycelia_viewers{run="a"} 1',
    'mycelia_viewer_admitted_total 1',
    'mycelia_viewer_frames_sent_total 1',
    'mycelia_viewer_stalled_total 0',
    'mycelia_viewer_restarts_total 0',
  ])
    expect(text.split('\n')).toContain(line)
})
