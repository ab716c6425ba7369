/** What became of viewers, frames and commands: counted from the server's start, over restarts of its thread. */

const meanings = {
  viewersAdmitted: 'Viewers that were let in',
  viewersRefused: 'Viewers that were refused because there were too many, or no such run',
  viewersStalled: 'Viewers that were ended because they took no more bytes',
  viewersDead: 'Viewers that were ended because they did not answer a ping',
  viewersMisbehaved: 'Viewers that were ended because of what they sent, or did not send',
  tokensRefused: 'Viewers that came without the token, or with a wrong one',
  framesSent: 'Frames sent to viewers',
  framesEncoded: 'Frames made for viewers; those that lack the same parts share one',
  framesSkipped: 'Frames a viewer did not get because it had unsent bytes: it gets a later one',
  framesHeld: 'Frames a run did not hand over because the server was busy',
  questionsRefused: 'Questions left aside because the viewers of a run asked too many',
  commandsTaken: 'Commands handed to a run',
  commandsRefused: 'Commands that were refused: no control, no command, too many, or by the run',
  restarts: 'Times the thread of the server died and was started again',
} as const

export type Counters = Record<keyof typeof meanings, number>

export function noCounters(): Counters {
  return Object.fromEntries(Object.keys(meanings).map(name => [name, 0])) as Counters
}

/** The text that Prometheus reads, as `mycelia_viewers` and `mycelia_viewer_frames_sent_total`. */
export function metricsText(counters: Counters, viewers: Readonly<Record<string, number>>): string {
  const gauge = Object.entries(viewers).map(([run, n]) => `mycelia_viewers{run="${run}"} ${n}`)
  const lines = ['# HELP mycelia_viewers Viewers that look at a run now', '# TYPE mycelia_viewers gauge', ...gauge]
  for (const [name, meaning] of Object.entries(meanings)) {
    const metric = `mycelia_viewer_${name
      .replace(/^viewers/, '')
      .replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
      .replace(/^_/, '')}_total`
    lines.push(`# HELP ${metric} ${meaning}`, `# TYPE ${metric} counter`, `${metric} ${counters[name as keyof Counters]}`)
  }
  return `${lines.join('\n')}\n`
}
