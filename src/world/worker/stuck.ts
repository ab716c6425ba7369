/** Where a worker is that does not answer: it is paused by the inspector, and its calls in the scenario's own code are read. */

import { Session } from 'node:inspector'
import type { SourceMapPayload } from 'node:module'
import { fileURLToPath } from 'node:url'
import { inlineMap, isScenarioCode, placeByMap, shown } from '../source-places.js'
import { waited } from '../wall-clock.js'

/** A call of the model that does not end. */
export interface StuckAt {
  /** `Person-3`; undefined in the model's own code. */
  readonly agent: string | undefined
  /** The calls in the scenario's code, innermost first. */
  readonly calls: readonly { readonly call: string; readonly place: string }[]
}

/** Longest wait for the worker to be paused: it may be in the middle of a long call into the system. */
const pauseMs = 2_000

interface Frame {
  readonly callFrameId: string
  readonly functionName: string
  readonly url: string
  readonly location: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber?: number }
}

interface Script {
  readonly url: string
  readonly sourceMapURL?: string
}

/**
 * Pauses the worker and reads its stack. Undefined where no call of the scenario's own code is on it: then the worker is at
 * work for the run itself, writes a file for instance, and goes on. With `anyCode`, a step counts whosever code it is in, as
 * that of a model from a package.
 */
export async function whereStuck(anyCode: boolean): Promise<StuckAt | undefined> {
  const inspected = new InspectedWorker()
  try {
    const frames = await inspected.pause()
    const own = frames.filter(frame => isScenarioCode(inspected.urlOf(frame)))
    const found = own.length > 0 || !anyCode ? own : withinStep(frames, inspected)
    if (found.length === 0) return undefined
    const calls = found.map(frame => ({ call: frame.functionName, place: inspected.placeOf(frame) }))
    return { agent: await agentIn(found, inspected), calls }
  } finally {
    await inspected.close()
  }
}

/** The calls that a step of the model has made; none where the worker makes no step. */
function withinStep(frames: readonly Frame[], inspected: InspectedWorker): Frame[] {
  const isStep = (frame: Frame) => frame.functionName === 'step' && inspected.urlOf(frame).endsWith('/model/simulation.js')
  return frames.slice(0, Math.max(0, frames.findIndex(isStep))).filter(frame => inspected.urlOf(frame).startsWith('file:'))
}

/** The agent whose method is running: `this` of the innermost call that has one. */
async function agentIn(frames: readonly Frame[], inspected: InspectedWorker): Promise<string | undefined> {
  for (const frame of frames) {
    const key = await inspected.evaluate(frame, "typeof this?.key === 'string' && this.model !== undefined ? this.key : ''")
    if (typeof key === 'string' && key !== '') return key
  }
  return undefined
}

/** The only worker of this process, as the inspector sees it. */
class InspectedWorker {
  private readonly session = new Session()
  private readonly scripts = new Map<string, Script>()
  private readonly waiting = new Map<number, (result: Record<string, unknown>) => void>()
  private sessionId: string | undefined
  private lastId = 0
  private paused: ((frames: readonly Frame[]) => void) | undefined

  constructor() {
    this.session.connect()
    this.session.on('NodeWorker.attachedToWorker', ({ params }) => {
      this.sessionId ??= params.sessionId
    })
    this.session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => this.hear(JSON.parse(params.message)))
    this.session.post('NodeWorker.enable', { waitForDebuggerOnStart: false })
  }

  /** The calls of the paused worker, innermost first; none where it could not be paused in time. */
  async pause(): Promise<readonly Frame[]> {
    const frames = new Promise<readonly Frame[]>(resolve => {
      this.paused = resolve
      void waited(pauseMs).then(() => resolve([]))
    })
    void this.ask('Debugger.enable', {})
    void this.ask('Debugger.pause', {})
    return frames
  }

  async evaluate({ callFrameId }: Frame, expression: string): Promise<unknown> {
    const request = { callFrameId, expression, returnByValue: true, silent: true, throwOnSideEffect: true }
    const { result } = (await this.ask('Debugger.evaluateOnCallFrame', request)) as { result?: { value?: unknown } }
    return result?.value
  }

  urlOf({ location, url }: Frame): string {
    return this.scripts.get(location.scriptId)?.url ?? url
  }

  /** In the source where the script has a map of its own, else in the script. */
  placeOf(frame: Frame): string {
    const { location } = frame
    const at = { line: location.lineNumber + 1, column: (location.columnNumber ?? 0) + 1 }
    const map = mapOf(this.scripts.get(location.scriptId))
    return (map && placeByMap(map, at)) ?? `${shown(fileURLToPath(this.urlOf(frame)))}:${at.line}:${at.column}`
  }

  /** Lets the worker go on: one that is paused could not even be ended. */
  async close(): Promise<void> {
    await this.ask('Debugger.disable', {})
    this.session.disconnect()
  }

  private ask(method: string, params: object): Promise<Record<string, unknown>> {
    const id = ++this.lastId
    const message = JSON.stringify({ id, method, params })
    return new Promise(resolve => {
      this.waiting.set(id, resolve)
      void waited(pauseMs).then(() => resolve({}))
      const failed = (error: Error | null) => error !== null && resolve({})
      this.session.post('NodeWorker.sendMessageToWorker', { message, sessionId: this.sessionId ?? '' }, failed)
    })
  }

  private hear(said: { id?: number; result?: Record<string, unknown>; method?: string; params?: Record<string, unknown> }): void {
    if (said.id !== undefined) this.waiting.get(said.id)?.(said.result ?? {})
    else if (said.method === 'Debugger.scriptParsed') {
      const { scriptId, ...script } = said.params as unknown as Script & { scriptId: string }
      this.scripts.set(scriptId, script)
    } else if (said.method === 'Debugger.paused') this.paused?.((said.params as { callFrames: readonly Frame[] }).callFrames)
  }
}

function mapOf(script: Script | undefined): SourceMapPayload | undefined {
  return script?.sourceMapURL === undefined ? undefined : inlineMap(`sourceMappingURL=${script.sourceMapURL}`)
}
