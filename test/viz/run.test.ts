import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Command, Parts } from '../../src/view/index.js'
import { Run } from '../../viz/shell/run.js'
import type { FrameSource } from '../../viz/source/frame-source.js'

/** A source that keeps what it is asked. */
class AskedSource implements FrameSource {
  readonly parts = new Parts()
  readonly state = 'open'
  readonly canControl = true
  readonly canCompare = false
  readonly questions: (readonly string[])[] = []
  onTrouble: (sentence: string) => void = () => {}
  ask(questions: readonly string[]): void {
    this.questions.push(questions)
  }
  readonly commands: Command[] = []
  async command(command: Command): Promise<void> {
    this.commands.push(command)
  }
  listen(): () => void {
    return () => {}
  }
  close(): void {}
}

let source: AskedSource
let said: string[]
let run: Run
const soon = () => vi.advanceTimersByTime(100)

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('cancelAnimationFrame', () => {})
  source = new AskedSource()
  said = []
  run = new Run('a', source, sentence => said.push(sentence))
})
afterEach(() => {
  run.close()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test('questions that change together are asked once, the newest', () => {
  run.ask(source, ['a'])
  run.ask(said, ['b'])
  run.ask(source, ['c'])
  soon()
  expect(source.questions).toEqual([['b', 'c']])
})

test('a question dropped and asked again at once keeps its parts, as nobody brings them again', () => {
  run.ask(source, ['panel/a'])
  soon()
  source.parts.setJson('panel/a/value', 1)
  run.ask(source, [])
  run.ask(source, ['panel/a'])
  soon()
  expect(source.questions).toEqual([['panel/a']])
  expect(source.parts.json('panel/a/value')).toBe(1)
})

test('what nobody asks for any more is forgotten once the source knows', () => {
  run.ask(source, ['panel/a', 'panel/ab'])
  soon()
  source.parts.setJson('panel/a/value', 1)
  source.parts.setJson('panel/ab/value', 2)
  run.ask(source, ['panel/ab'])
  expect(source.parts.has('panel/a/value')).toBe(true)
  soon()
  expect(source.questions.at(-1)).toEqual(['panel/ab'])
  expect(source.parts.has('panel/a/value')).toBe(false)
  expect(source.parts.has('panel/ab/value')).toBe(true)
})

test('what the run’s side complains of is said', () => {
  source.onTrouble('So many viewers look at so many different things.')
  expect(said).toEqual(['So many viewers look at so many different things.'])
})

test('of a slider that is dragged the newest value is sent, and before any other command', async () => {
  const drag = (value: number) => run.command({ do: 'change', key: 'heat', value })
  const dragged = [drag(1), drag(2), drag(3)]
  void run.command({ do: 'step' })
  const values = () => source.commands.map(command => (command.do === 'change' ? command.value : command.do))
  expect(values()).toEqual([1, 3, 'step'])
  expect(await Promise.all(dragged)).toEqual([true, true, true])
  void drag(4)
  expect(values()).toEqual([1, 3, 'step'])
  await vi.advanceTimersByTimeAsync(300)
  expect(values()).toEqual([1, 3, 'step', 4])
})
